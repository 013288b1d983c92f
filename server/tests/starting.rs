//! How the command starts, how it doesn't, and how it ends: each test runs the real binary.

#![expect(clippy::expect_used, reason = "a test that can't go on says so by panicking")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

fn porchlight(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_porchlight"));
    command.args(arguments).stdin(Stdio::null());
    without_settings(&mut command);
    command
}

/// What is set on the developer's machine must not reach the command under test.
fn without_settings(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PORCHLIGHT_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command
}

/// Runs a command that is to end by itself; its exit code and what it said on the error stream. (A server that should have
/// refused to start is ended by `timeout`, whose exit code is 124.)
fn fails(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new("timeout");
    command.args(["20", env!("CARGO_BIN_EXE_porchlight")]).args(arguments).stdin(Stdio::null());
    // Those of a bucket's keys are not ours alone; without any, it would ask the cloud that it runs in.
    command.envs([("AWS_ACCESS_KEY_ID", "a key"), ("AWS_SECRET_ACCESS_KEY", "a secret")]);
    let output = without_settings(&mut command).output().expect("run");
    (output.status.code().expect("an exit code"), String::from_utf8(output.stderr).expect("text"))
}

/// A server that was started; ended with the test.
struct Served {
    child: Child,
    origin: String,
    founding_link: Option<String>,
}

impl Served {
    fn start(folder: &Path) -> Self {
        let folder = folder.to_str().expect("text");
        let mut child = porchlight(&["serve", "--data", folder, "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("run");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map(|line| line.expect("text"));
        let first = lines.next().expect("a line");
        let origin = first.strip_prefix("Porchlight is on, at ").expect("the address").to_owned();
        let founding_link = lines.take(4).find(|line| line.contains("/setup?key=")).map(|line| line.trim().to_owned());
        Self { child, origin, founding_link }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.origin.trim_start_matches("http://")).expect("connected")
    }

    /// The status of an answer, and all of it.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = self.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"), answer)
    }

    /// Asks it to end; its exit code, and how long that took.
    fn ends(&mut self) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("run");
        assert!(asked.success());
        let code = self.child.wait().expect("ended").code();
        (code, begun.elapsed())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[test]
fn it_serves_says_where_and_how_to_found_the_place_and_ends_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("made/when/missing");
    let mut served = Served::start(&data);
    assert!(served.founding_link.as_ref().is_some_and(|link| link.starts_with(&format!("{}/setup?key=", served.origin))));
    assert_eq!(served.get("/livez").0, 200);
    assert_eq!(served.get("/readyz").0, 200);
    let link = served.founding_link.clone();

    // A browser keeps its connection open.
    let idle = served.connect();
    let (code, took) = served.ends();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop(idle);

    let again = Served::start(&data);
    let key = |link: &Option<String>| link.as_ref().and_then(|link| link.split("key=").last().map(str::to_owned));
    assert_eq!(key(&again.founding_link), key(&link), "the link stays the same until the community is founded");
}

#[test]
fn a_head_that_never_ends_is_not_waited_for_at_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut served = Served::start(folder.path());
    let mut slow = served.connect();
    write!(slow, "GET / HTTP/1.1\r\nX-Slow: ").expect("sent");
    let (code, took) = served.ends();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(25), "{took:?}");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let (code, said) = fails(&["serve", "--data", folder.path().to_str().expect("text"), "--listen", &address.to_string()]);
    assert_eq!(code, 1);
    assert!(said.contains(&format!("The port {} is taken", address.port())), "{said}");
}

#[test]
fn a_bucket_that_is_not_there_is_told_before_anybody_puts_a_picture_into_it() {
    let (folder, bucket) = (tempfile::tempdir().expect("a folder"), TcpListener::bind("127.0.0.1:0").expect("a port"));
    let endpoint = format!("http://{}", bucket.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for connection in bucket.incoming() {
            let mut connection = connection.expect("connected");
            let asked = BufReader::new(connection.try_clone().expect("a handle")).lines().map_while(Result::ok);
            asked.take_while(|line| !line.is_empty()).for_each(drop);
            let why = "<Error><Code>NoSuchBucket</Code></Error>";
            let answer = format!("HTTP/1.1 404 Not Found\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{why}", why.len());
            connection.write_all(answer.as_bytes()).expect("answered");
        }
    });
    let data = folder.path().to_str().expect("text");
    let at = ["--media-bucket", "elsewhere", "--media-endpoint", &endpoint, "--media-region", "here"];
    let (code, said) = fails(&[&["serve", "--data", data, "--listen", "127.0.0.1:0"][..], &at].concat());
    assert_eq!(code, 1);
    assert!(said.contains("the bucket \"elsewhere\" for the pictures can't be read. Is its name right"), "{said}");
    assert!(said.contains("NoSuchBucket") && !said.contains("a secret"), "{said}");
}

#[test]
fn a_second_server_on_the_same_folder_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Served::start(folder.path());
    let (code, said) = fails(&["serve", "--data", folder.path().to_str().expect("text"), "--listen", "127.0.0.1:0"]);
    assert_eq!(code, 1);
    assert!(said.starts_with("Another Porchlight is using the data folder"), "{said}");
    assert_eq!(served.get("/readyz").0, 200);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_told_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("data");
    fs::write(&file, "mine").expect("written");
    for path in [file.clone(), file.join("below")] {
        let (code, said) = fails(&["serve", "--data", path.to_str().expect("text"), "--listen", "127.0.0.1:0"]);
        assert_eq!(code, 1);
        assert!(said.contains("there is a file of that name"), "{said}");
    }
    assert_eq!(fs::read_to_string(&file).expect("still there"), "mine");
}

#[test]
fn a_database_of_a_newer_version_is_told_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(Served::start(folder.path()).ends().0, Some(0));
    // The database knows its version by the names of the steps that were taken, such as m2026_11_first: here is one from the future.
    let file = folder.path().join("porchlight.db");
    let mut bytes = fs::read(&file).expect("read");
    let steps: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, window)| *window == b"m202").map(|(at, _)| at).collect();
    assert!(!steps.is_empty());
    for at in steps {
        bytes[at + 1..at + 3].copy_from_slice(b"99");
    }
    fs::write(&file, &bytes).expect("written");
    let (code, said) = fails(&["serve", "--data", folder.path().to_str().expect("text"), "--listen", "127.0.0.1:0"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("newer version"), "{said}");
    assert!(fs::read(&file).expect("read") == bytes, "the database is as it was");
}

#[test]
fn wrong_settings_are_told_with_what_is_allowed() {
    for (arguments, sentence) in [
        (&["serve", "--listen", "nonsense"][..], "127.0.0.1:3000"),
        (&["--listen", "nonsense"], "127.0.0.1:3000"),
        (&["serve", "--origin", "http://porch.example.org"], "http:// is for this machine only"),
        (&["serve", "--origin", "porch"], "https://porch.example.org"),
        (&["serve", "--database-url", "mysql://x"], "postgres://"),
        (&["serve", "--trusted-proxy", "proxy"], "127.0.0.1"),
        (&["invite", "--group", "Drawing circle"], "--uses"),
        (&["invite"], "--name"),
        (&["dance"], "unrecognized subcommand"),
    ] {
        let (code, said) = fails(arguments);
        assert_eq!(code, 2, "{arguments:?} {said}");
        assert!(said.contains(sentence), "{arguments:?} {said}");
    }
}

#[test]
fn a_command_for_a_place_that_is_not_there_says_so_and_makes_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("text");
    for arguments in [
        &["check", "--data", data][..],
        &["backup", "--data", data, "/nowhere/backup.tar"],
        &["invite", "--data", data, "--name", "Ana"],
        &["reset-password", "--data", data, "ana"],
    ] {
        let (code, said) = fails(arguments);
        assert_eq!(code, 1, "{arguments:?} {said}");
        assert!(said.contains("There is no community in the folder"), "{arguments:?} {said}");
    }
    assert!(!Path::new(data).exists());
}

#[test]
fn a_variable_of_another_program_moves_nothing_to_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = porchlight(&["check", "--data", folder.path().to_str().expect("text")]);
    let output = command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing").output().expect("run");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("There is no community in the folder"), "{said}");
}

/// Runs a script of the shell, for what the system must be like around the command; `$0` is the command. Its exit code, and what was
/// said.
fn shell(script: &str, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new("timeout");
    // With its own mounts, which end with it; and without root's right to write everywhere.
    command.args(["60", "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_porchlight")]);
    let output = without_settings(command.args(arguments).stdin(Stdio::null())).output().expect("run");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().expect("an exit code"), String::from_utf8(said).expect("text"))
}

const WITHOUT_RIGHTS: &str = "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search";

#[test]
fn a_folder_that_can_t_be_written_is_told_and_can_still_be_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert_eq!(Served::start(&data).ends().0, Some(0));
    let (data, tar) = (data.to_str().expect("text").to_owned(), folder.path().join("porch.tar"));
    let run = |command: &str| {
        shell(&format!("chmod -R a-w \"$1\"; exec {WITHOUT_RIGHTS} \"$0\" {command}"), &[&data, tar.to_str().expect("text")])
    };

    let (code, said) = run("serve --data \"$1\" --listen 127.0.0.1:0");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("can't be written by this user"), "{said}");
    let (code, said) = run("check --data \"$1\"");
    assert_eq!((code, said.as_str()), (0, "All is well.\n"));
    let (code, said) = run("backup --data \"$1\" \"$2\"");
    assert_eq!(code, 0, "{said}");
    assert!(tar.is_file(), "{said}");
    assert!(Command::new("chmod").args(["-R", "u+w", &data]).status().expect("run").success());
}

#[test]
fn a_full_disk_is_told_and_can_still_be_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, disk, tar) = (folder.path().join("data"), folder.path().join("disk"), folder.path().join("porch.tar"));
    fs::create_dir(&disk).expect("made");
    assert_eq!(Served::start(&data).ends().0, Some(0));
    let run = |command: &str| {
        let script = format!(
            "mount -t tmpfs -o size=2m tmpfs \"$2\" && cp -r \"$1\"/. \"$2\" && {{ cat /dev/zero >\"$2\"/filling 2>/dev/null; exec \"$0\" {command}; }}"
        );
        shell(&script, &[data.to_str().expect("text"), disk.to_str().expect("text"), tar.to_str().expect("text")])
    };
    let (code, said) = run("serve --data \"$2\" --listen 127.0.0.1:0");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("There is no room left on the disk"), "{said}");
    let (code, said) = run("check --data \"$2\"");
    assert_eq!((code, said.as_str()), (0, "All is well.\n"));
    let (code, said) = run("backup --data \"$2\" \"$3\"");
    assert_eq!(code, 0, "{said}");
    assert!(tar.is_file(), "{said}");
}

#[test]
fn every_command_explains_itself_with_an_example() {
    for command in ["serve", "demo", "backup", "restore", "check", "invite", "reset-password"] {
        let output = porchlight(&[command, "--help"]).output().expect("run");
        let said = String::from_utf8(output.stdout).expect("text");
        assert!(
            output.status.success() && said.contains("Example") && said.contains(&format!("porchlight {command}")),
            "{command}: {said}"
        );
    }
}

#[test]
fn mail_that_can_not_be_sent_as_configured_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("text");
    for (more, says) in [
        (&["--mail-server", "smtp example.org"][..], "write the name of the mail server"),
        (&["--mail-from", "porch@example.org"], "say with --mail-server which server sends the mail"),
        (&["--mail-server", "smtp.example.org"], "say with --mail-from which address letters come from"),
        (&["--mail-server", "smtp.example.org", "--mail-from", "porch"], "write the address that letters come from"),
        (&["--mail-server", "smtp.example.org", "--mail-from", "a@example.org", "--mail-user", "a"], "both a name"),
        (&["--mail-server", "smtp.example.org", "--mail-from", "a@example.org", "--mail-security", "none"], "on this machine"),
    ] {
        let (code, said) = fails(&[&["serve", "--data", data, "--listen", "127.0.0.1:0"][..], more].concat());
        assert!(code == 2 && said.contains(says), "{more:?} {code} {said}");
    }
}
