//! The checks are embedded; a changed one must make the program new. `include_dir` alone does not tell cargo.

fn main() {
    println!("cargo:rerun-if-changed=checks");
}
