//! What holds of the site is what the desk set over the file: whoever asks the file alone tells readers something else.

use crate::{rust, tree};

#[test]
fn what_the_desk_may_set_is_never_asked_of_the_file_alone() {
    let mut faults = Vec::new();
    for file in tree::rust_files().into_iter().filter(|file| file.path.starts_with("src/")) {
        let code: String = rust::take_apart(&file.text).code.split_whitespace().collect();
        let asked = code.split("config().site").skip(1).filter(|rest| !rest.starts_with(".url"));
        let count = asked.count() + code.matches("config().style").count();
        if count > 0 {
            faults.push(format!("{}: {count} times; ask App::held or App::known", file.path));
        }
    }
    tree::assert_none(&faults);
}
