//! An `impl` block, as far as the signatures of its methods.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, GenericArgument, Generics, ImplItem, Lifetime, PathArguments, Token, Type};

use crate::diagnostics::{ends, glued};
use crate::parse::signature::{self, Function};

/// An `impl` block.
pub struct ImplBlock {
    pub cfgs: Vec<Attribute>,
    pub generics: Generics,
    /// The trait, if it is the `impl` of one.
    pub of_trait: Option<Span>,
    /// The type, without a reference or a container around it.
    pub ty: Type,
    /// The type as it was written, if there is one around it.
    pub around: Option<Around>,
    pub members: Vec<Member>,
    /// `true` if something in it is unfinished or wrong. The compiler reports an error for it.
    pub half_typed: bool,
}

/// A type with a reference or a container around the named type.
pub struct Around {
    pub written: Type,
    /// The numbers of the tokens before it and behind it.
    before: usize,
    behind: usize,
}

/// An item of the block.
pub enum Member {
    Method(Box<Function>),
    /// A constant, a type or a call of a macro, by its first tokens.
    Other(TokenStream),
}

impl Parse for ImplBlock {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let count = |input: ParseStream<'_>| {
            Ok::<_, syn::Error>(input.fork().parse::<TokenStream>()?.into_iter().count())
        };
        let all = count(input)?;
        let attributes = input.call(Attribute::parse_outer)?;
        let cfgs = signature::cfgs(&attributes);
        let has_macro = attributes.iter().any(signature::is_macro);
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = if input.peek(Token![<]) { input.parse()? } else { Generics::default() };
        // Inside of an invisible group there may be more tokens than outside.
        let mut before = all.saturating_sub(count(input)?);
        let mut ty: Type = input.parse()?;
        let mut of_trait = None;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            of_trait = Some(ends(&ty).0);
            before = all.saturating_sub(count(input)?);
            ty = input.parse()?;
        }
        let inside = inside(&ty).cloned();
        let behind = count(input)?;
        let around =
            inside.map(|inside| Around { written: std::mem::replace(&mut ty, inside), before, behind });
        generics.where_clause = input.parse()?;
        let body: Group = input.parse()?;
        let (mut members, mut half_typed) = (Vec::new(), false);
        let inner = |input: ParseStream<'_>| {
            input.call(Attribute::parse_inner)?;
            input.parse()
        };
        let mut rest: TokenStream = inner.parse2(body.stream())?;
        while !rest.is_empty() && !half_typed {
            match member(rest.clone()) {
                Ok((mut member, behind)) => {
                    if let Member::Method(method) = &mut member {
                        method.has_macro |= has_macro;
                    }
                    members.push(member);
                    rest = behind;
                }
                Err(_) => half_typed = true,
            }
        }
        half_typed |=
            members.iter().any(|member| matches!(member, Member::Method(method) if method.is_unsized()));
        Ok(Self { cfgs, generics, of_trait, ty, around, members, half_typed })
    }
}

/// The first member of these tokens, and the tokens behind it.
fn member(tokens: TokenStream) -> syn::Result<(Member, TokenStream)> {
    let method = |input: ParseStream<'_>| {
        let method = input.call(Function::parse_head)?;
        // Its body.
        input.parse::<TokenTree>()?;
        Ok((Member::Method(Box::new(method)), input.parse()?))
    };
    let other = |input: ParseStream<'_>| {
        let first = match input.parse()? {
            ImplItem::Const(item) => item.const_token.into_token_stream(),
            ImplItem::Type(item) => item.type_token.into_token_stream(),
            ImplItem::Macro(item) => {
                let (path, bang) = (item.mac.path, item.mac.bang_token);
                quote!(#path #bang)
            }
            item => return Err(syn::Error::new_spanned(item, "not read")),
        };
        Ok((Member::Other(first), input.parse()?))
    };
    method.parse2(tokens.clone()).or_else(|_| other.parse2(tokens))
}

impl ImplBlock {
    pub fn methods(&self) -> impl Iterator<Item = &Function> {
        self.members.iter().filter_map(|member| match member {
            Member::Method(method) => Some(&**method),
            Member::Other(_) => None,
        })
    }

    /// The tokens of the item with the named type alone, if the compiler would refuse the reference or the container around it too.
    pub fn of_named_type(&self, item: &TokenStream) -> Option<TokenStream> {
        let Around { written, before, behind } = self.around.as_ref().filter(|_| self.of_trait.is_none())?;
        let tokens: Vec<_> = item.clone().into_iter().collect();
        let end = tokens.len().checked_sub(*behind)?;
        let replaced: TokenStream = tokens.get(*before..end)?.iter().cloned().collect();
        // The tokens of a type from a `macro_rules!` are in an invisible group.
        (glued(replaced) == glued(written)).then(|| {
            let (first, last) = (&tokens[..*before], &tokens[end..]);
            first.iter().cloned().chain(self.ty.to_token_stream()).chain(last.iter().cloned()).collect()
        })
    }

    /// The name of the type.
    pub fn own_name(&self) -> Option<Ident> {
        let Type::Path(path) = ungrouped(&self.ty) else { return None };
        path.path.segments.last().map(|last| last.ident.clone())
    }

    /// The lifetime in the arguments of the type, unless it is `'static`.
    pub fn lifetime(&self) -> Option<&Lifetime> {
        let Type::Path(path) = ungrouped(&self.ty) else { return None };
        let PathArguments::AngleBracketed(of) = &path.path.segments.last()?.arguments else { return None };
        of.args.iter().find_map(|argument| match argument {
            GenericArgument::Lifetime(lifetime) if lifetime.ident != "static" => Some(lifetime),
            _ => None,
        })
    }
}

/// The named type behind references and in containers of the standard library, if there is one around it.
fn inside(ty: &Type) -> Option<&Type> {
    // Users have types of their own that are called `Cell` or `Pin`.
    const CONTAINERS: [&str; 6] = ["Arc", "Box", "Mutex", "Rc", "RefCell", "RwLock"];
    let inner = match ungrouped(ty) {
        Type::Reference(reference) => &*reference.elem,
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let PathArguments::AngleBracketed(of) = &last.arguments else { return None };
            let mut arguments = of.args.iter();
            match (arguments.next(), arguments.next()) {
                (Some(GenericArgument::Type(inner)), None)
                    if CONTAINERS.iter().any(|name| last.ident == name) =>
                {
                    inner
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    let named = inside(inner).unwrap_or(inner);
    matches!(ungrouped(named), Type::Path(_)).then_some(named)
}

fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        ty => ty,
    }
}

/// `ChatRoom` as `chat_room`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
