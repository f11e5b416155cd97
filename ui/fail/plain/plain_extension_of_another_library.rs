struct User;
struct Extension<T>(T);

#[fanout::get]
fn name(Extension(user): Extension<User>) {
    let User = user;
}

#[fanout::main(name)]
fn main() {}
