//! The type that the option `data` names.

use proc_macro2::{Punct, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Ident, Lit, PathArguments, Token, Type};

use crate::diagnostics::{Advice, Errors, ends, glued};

use super::suggest;
use super::value::{Setting, Slot};

impl Slot<'_> {
    /// Reads a type behind the name of the option. Returns `None`, and reads nothing, if there is no type.
    pub fn type_behind(
        &self,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<Option<Setting<Type>>> {
        let ahead = input.fork();
        let (mut before, place) = (String::new(), input.span());
        while let Ok(punct) = ahead.fork().parse::<Punct>()
            && ":=>".contains(punct.as_char())
            && !ahead.peek(Token![::])
        {
            before.push(punct.as_char());
            ahead.parse::<Punct>()?;
        }
        // Parsed on its own, because tokens left over inside its brackets would otherwise be an error of `input`.
        let rest: TokenStream = ahead.parse()?;
        let first = |input: ParseStream<'_>| {
            let ty: Type = input.parse()?;
            // A name is the next option, at a missing comma.
            let is_name = input.peek(Ident::peek_any) && !input.peek(Token![as]);
            let is_whole = input.is_empty() || input.peek(Token![,]) || is_name;
            Ok((ty, is_whole, input.parse::<TokenStream>()?.into_iter().count()))
        };
        let Ok((ty, true, behind)) = first.parse2(rest) else { return Ok(None) };
        let ty = ungrouped(ty);
        let is_any = matches!(ty, Type::ImplTrait(_));
        if !is_any && !is_a_type(&ty) {
            return Ok(None);
        }
        let all = input.fork().parse::<TokenStream>()?.into_iter().count();
        (behind..all).try_for_each(|_| input.parse::<TokenTree>().map(drop))?;
        if is_any {
            let help = format!("write the type itself, as in `{}`", self.example);
            errors.push(ty, format!("`{}` must be a type", self.option), help);
            return Ok(Some(Setting::Invalid(None)));
        }
        if before == "=" {
            return Ok(Some(Setting::Valid(ty)));
        }
        let problem = format!("expected a `=` after `{}`", self.option);
        let advice = [self.advice(&suggest::spaced(&ty))];
        errors.advise((place, place), problem, advice, self.as_example());
        Ok(Some(Setting::Invalid(Some(ty))))
    }

    /// Refuses a value that is not a type.
    pub fn no_type(&self, value: &Expr, errors: &mut Errors) -> Option<Type> {
        let text = match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some((text.value(), ", without quotes")),
            Expr::Call(call) => Some((of_function(&glued(&call.func)), ": the type, without the call")),
            Expr::Macro(call) => Some((glued(&call.mac.tokens), "")),
            _ => None,
        };
        let advice = text.map(|(text, how)| Advice::write(format!("{} = {}", self.option, text.trim()), how));
        errors.advise(ends(value), format!("`{}` must be a type", self.option), advice, self.as_example());
        None
    }
}

/// The type of a function such as `News::new`.
fn of_function(path: &str) -> String {
    match path.rsplit_once("::") {
        Some((ty, function)) if function.starts_with(char::is_lowercase) => ty.to_owned(),
        _ => path.to_owned(),
    }
}

fn ungrouped(ty: Type) -> Type {
    match ty {
        Type::Group(group) => ungrouped(*group.elem),
        Type::Paren(paren) => ungrouped(*paren.elem),
        ty => ty,
    }
}

/// Returns `true` for a type that generated code can name. Calls and sums can be read as types too.
fn is_a_type(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let is_keyword = ["Self", "self", "super", "crate"].iter().any(|word| path.path.is_ident(word));
            let is_call = path
                .path
                .segments
                .iter()
                .any(|segment| matches!(segment.arguments, PathArguments::Parenthesized(_)));
            !is_keyword && !is_call
        }
        Type::Array(_) | Type::Slice(_) | Type::Tuple(_) | Type::Reference(_) => true,
        Type::TraitObject(object) => object.dyn_token.is_some(),
        _ => false,
    }
}
