//! A connection type: an `impl` block whose methods are the moments of a WebSocket's life.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Token, Type};

use crate::diagnostics::{Errors, list, meant};
use crate::function::{self, Function};

/// The block, as far as the signatures of its methods.
pub struct Connection {
    pub cfgs: Vec<Attribute>,
    pub generics: Generics,
    /// The trait, if it is the `impl` of one.
    pub of_trait: Option<Span>,
    pub ty: Type,
    pub members: Vec<Member>,
}

/// What stands in the block.
pub enum Member {
    Method(Box<Function>),
    /// A constant or a type, by its first word.
    Other(Ident),
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
        let members = syn::parse::Parser::parse2(members, body.stream())?;
        Ok(Self { cfgs, generics, of_trait, ty, members })
    }
}

fn members(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    input.call(Attribute::parse_inner)?;
    let mut members = Vec::new();
    while !input.is_empty() {
        let fork = input.fork();
        if let Ok(method) = fork.call(Function::parse_head) {
            syn::parse::discouraged::Speculative::advance_to(input, &fork);
            // Its body.
            input.parse::<TokenTree>()?;
            members.push(Member::Method(Box::new(method)));
            continue;
        }
        input.call(Attribute::parse_outer)?;
        input.parse::<syn::Visibility>()?;
        members.push(Member::Other(input.call(Ident::parse_any)?));
        while !input.is_empty() && input.parse::<Option<Token![;]>>()?.is_none() {
            input.parse::<TokenTree>()?;
        }
    }
    Ok(members)
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

    /// The methods, each with its moment. What is none of them goes to `errors`.
    pub fn methods(&self, errors: &mut Errors) -> Vec<(Moment, &Function)> {
        if let Some(of_trait) = self.of_trait {
            let help = "write the `impl` of a type's own, without the trait";
            errors.push_at(of_trait, "a connection type is not the `impl` of a trait", help);
            return Vec::new();
        }
        if let Some(parameter) = self.generics.params.first() {
            let help = "write the type or value itself: nobody is there to choose one";
            errors.push(parameter, "a connection type cannot be generic", help);
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
                Member::Other(word) => {
                    let help = "move it into an `impl` of its own, without the attribute";
                    errors.push(
                        word,
                        format!("a connection type's `impl` has methods, and no `{word}`"),
                        help,
                    );
                }
                Member::Method(function) => {
                    let name = &function.sig.ident;
                    let own_name = name.unraw().to_string();
                    match Moment::ALL.into_iter().find(|moment| moment.name() == own_name) {
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
    let meant = meant(&name.to_string(), known());
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

/// Whether an item begins an `impl` block.
pub fn parse(item: TokenStream) -> Option<Connection> {
    syn::parse2(item).ok()
}
