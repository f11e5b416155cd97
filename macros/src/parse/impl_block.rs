//! A connection type: an `impl` block whose methods are the moments of a WebSocket's life.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{
    Attribute, GenericArgument, GenericParam, Generics, ImplItem, Lifetime, PathArguments, Token, Type,
};

use crate::diagnostics::{Errors, glued, list, meant};
use crate::parse::signature::{self as function, Function};

/// The block, as far as the signatures of its methods.
pub struct Connection {
    pub cfgs: Vec<Attribute>,
    pub generics: Generics,
    /// The trait, if it is the `impl` of one.
    pub of_trait: Option<Span>,
    pub ty: Type,
    pub members: Vec<Member>,
    /// Whether something in it is still being written, or cannot be: the compiler has an error for it.
    pub half_typed: bool,
}

/// What stands in the block.
pub enum Member {
    Method(Box<Function>),
    /// A constant, a type or a call of a macro, by what it begins with.
    Other(TokenStream),
}

impl Parse for Connection {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut cfgs = input.call(Attribute::parse_outer)?;
        cfgs.retain(function::is_cfg);
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = if input.peek(Token![<]) { input.parse()? } else { Generics::default() };
        let mut ty: Type = input.parse()?;
        let mut of_trait = None;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            of_trait = Some(function::ends(&ty).0);
            ty = input.parse()?;
        }
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
                Ok((member, behind)) => {
                    members.push(member);
                    rest = behind;
                }
                Err(_) => half_typed = true,
            }
        }
        half_typed |=
            members.iter().any(|member| matches!(member, Member::Method(method) if method.is_unsized()));
        Ok(Self { cfgs, generics, of_trait, ty, members, half_typed })
    }
}

/// The first member of these, and what stands behind it.
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

/// A moment of a connection's life, which a method is called like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Open,
    Text,
    Binary,
    Message,
    Close,
    Disconnect,
    Renew,
}

impl Moment {
    const ALL: [Self; 7] =
        [Self::Open, Self::Text, Self::Binary, Self::Message, Self::Close, Self::Disconnect, Self::Renew];

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Text => "text",
            Self::Binary => "binary",
            Self::Message => "message",
            Self::Close => "close",
            Self::Disconnect => "disconnect",
            Self::Renew => "renew",
        }
    }

    /// Whether the state is there already.
    pub fn has_state(self) -> bool {
        !matches!(self, Self::Open | Self::Renew)
    }

    /// Whether something happens that a parameter can be made from.
    pub fn takes_event(self) -> bool {
        !matches!(self, Self::Open | Self::Disconnect)
    }
}

impl Connection {
    /// What the endpoint is called where it says nothing else: the type, in snake case.
    pub fn own_name(&self) -> Option<Ident> {
        let Type::Path(path) = ungrouped(&self.ty) else { return None };
        path.path.segments.last().map(|last| last.ident.clone())
    }

    /// The lifetime of what it borrows.
    fn lifetime(&self) -> Option<&Lifetime> {
        let Type::Path(path) = ungrouped(&self.ty) else { return None };
        let PathArguments::AngleBracketed(of) = &path.path.segments.last()?.arguments else { return None };
        of.args.iter().find_map(|argument| match argument {
            GenericArgument::Lifetime(lifetime) if lifetime.ident != "static" => Some(lifetime),
            _ => None,
        })
    }

    /// The methods, each with its moment. What is none of them goes to `errors`.
    pub fn methods(&self, errors: &mut Errors) -> Vec<(Moment, &Function)> {
        if let Some(of_trait) = self.of_trait {
            let help = "write the `impl` of a type's own, without the trait";
            errors.push_at(of_trait, "a connection type is not the `impl` of a trait", help);
            return Vec::new();
        }
        let of_type = self.lifetime().map(ToTokens::to_token_stream);
        let help = "keep what is its own, `String` instead of `&str`: it outlives each request";
        match (self.generics.params.first(), of_type) {
            (Some(GenericParam::Lifetime(lifetime)), _) => {
                errors.push(lifetime, "a connection type cannot borrow", help);
            }
            (Some(parameter), _) => {
                let help = "write the type or value itself: nobody is there to choose one";
                errors.push(parameter, "a connection type cannot be generic", help);
            }
            (None, Some(lifetime)) => errors.push(lifetime, "a connection type cannot borrow", help),
            (None, None) => {}
        }
        if self.own_name().is_none() {
            errors.push(
                &self.ty,
                "a connection type has a name",
                "write a type of your own: `impl Chat { … }`",
            );
        }
        let mut methods: Vec<(Moment, &Function)> = Vec::new();
        for member in &self.members {
            match member {
                Member::Other(first) => {
                    let help = "move it into an `impl` of its own, without the attribute";
                    let problem =
                        format!("a connection type's `impl` has methods, and no `{}`", glued(first));
                    errors.push(first, problem, help);
                }
                Member::Method(function) => {
                    let name = &function.sig.ident;
                    let own_name = name.unraw().to_string();
                    // A second one of the same name is the compiler's to refuse.
                    let again = |moment: Moment| {
                        let is_same = |(earlier, method): &(Moment, &Function)| {
                            *earlier == moment && method.cfgs.is_empty() && function.cfgs.is_empty()
                        };
                        methods.iter().any(is_same)
                    };
                    match Moment::ALL.into_iter().find(|moment| moment.name() == own_name) {
                        Some(moment) if again(moment) => {}
                        Some(moment) => methods.push((moment, function)),
                        None => unknown(name, errors),
                    }
                }
            }
        }
        let takes_both = methods.iter().any(|(moment, _)| *moment == Moment::Message);
        for (moment, function) in &methods {
            if takes_both && matches!(moment, Moment::Text | Moment::Binary) {
                let help = "remove it, or write `text` and `binary`: `message` takes both kinds";
                errors.push(&function.sig.ident, format!("`{}` is never called", moment.name()), help);
            }
        }
        methods
    }
}

fn unknown(name: &Ident, errors: &mut Errors) {
    let known = || Moment::ALL.into_iter().map(Moment::name);
    let written = name.to_string();
    let meant = match written.strip_prefix("on_").unwrap_or(&written) {
        "new" | "connect" => "did you mean `open`? ".to_owned(),
        word => meant(word, known()),
    };
    let help = format!("{meant}the methods are {}; put others into an `impl` of their own", list(known()));
    errors.push(name, format!("a connection has no moment `{name}`"), help);
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

/// The block, if the item is one.
pub fn parse(item: TokenStream) -> Option<Connection> {
    syn::parse2(item).ok()
}
