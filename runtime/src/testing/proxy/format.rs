//! Contents with directives, `%s`, `%(name)s` and `%%`: `Format::process` in Pushpin.

/// Replaces each directive by what `value` returns for its letter and its argument.
pub(super) fn process(
    content: &[u8],
    value: impl Fn(u8, Option<&[u8]>) -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, String> {
    let mut made = Vec::with_capacity(content.len());
    let mut bytes = content.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            made.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'%') => made.push(b'%'),
            Some(b'(') => {
                let mut argument = Vec::new();
                loop {
                    match bytes.next() {
                        Some(b'\\') => argument.extend(bytes.next()),
                        Some(b')') => break,
                        Some(byte) => argument.push(byte),
                        None => return Err("a `%(` without its `)`".into()),
                    }
                }
                let directive = bytes.next().ok_or("a `%(…)` without a directive")?;
                made.extend(value(directive, Some(&argument))?);
            }
            Some(directive) if directive.is_ascii_alphabetic() => made.extend(value(directive, None)?),
            _ => return Err("a `%` without a directive".into()),
        }
    }
    Ok(made)
}
