//! Passwords and codes: Argon2id off the threads that answer, and random codes with the digests they are kept under.
//!
//! The rules (how long, which not) are `domain::sign_in`'s; here is only the arithmetic that takes time and chance.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{
    outcome::Unavailable,
    sign_in::{Codes, Passwords},
};
use rand::Rng;
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, num::NonZero, sync::Arc};
use tokio::sync::Semaphore;

/// Memory of one hash, in KiB: OWASP's first choice for Argon2id, some 40 ms on a small machine.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;

/// Argon2id, on blocking threads, as many at a time as the machine has cores: forty people who sign in together take no more
/// memory than two, and the rest wait their turn.
#[derive(Clone)]
pub struct ArgonPasswords {
    argon: Argon2<'static>,
    turns: Arc<Semaphore>,
}

impl ArgonPasswords {
    /// With the cost that real passwords need.
    pub fn new() -> Result<Self, Unavailable> {
        Self::with_cost(MEMORY_KIB, PASSES)
    }

    /// With next to no cost. Its hashes are real hashes, but quick to guess: for tests and for invented people alone.
    pub fn for_testing() -> Result<Self, Unavailable> {
        Self::with_cost(Params::MIN_M_COST, Params::MIN_T_COST)
    }

    fn with_cost(memory_kib: u32, passes: u32) -> Result<Self, Unavailable> {
        let params = Params::new(memory_kib, passes, 1, None).map_err(|error| Unavailable(Box::new(error)))?;
        let at_a_time = std::thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self { argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params), turns: Arc::new(Semaphore::new(at_a_time)) })
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static) -> Result<T, Unavailable> {
        let turn = self.turns.clone().acquire_owned().await.map_err(|error| Unavailable(Box::new(error)))?;
        let argon = self.argon.clone();
        let work = move || {
            let done = work(&argon);
            give_memory_back();
            // The turn ends with the work, not with the request: a visitor who hangs up frees no core.
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Unavailable(Box::new(error)))
    }
}

/// Gives the memory of a hash back to the system. The allocator would keep half of the 19 MiB as long as nobody else signs in, and a
/// small machine has better use for them.
fn give_memory_back() {
    #[expect(unsafe_code, reason = "the allocator's own function, which has no condition; there is no safe name for it")]
    // SAFETY: it may be called at any time from any thread, also where another allocator is in use.
    unsafe {
        libmimalloc_sys::mi_collect(true);
    }
}

#[async_trait::async_trait]
impl Passwords for ArgonPasswords {
    async fn hash(&self, password: &str) -> Result<String, Unavailable> {
        let password = password.to_owned();
        let hashed = self.in_turn(move |argon| argon.hash_password(password.as_bytes()).map(|hash| hash.to_string())).await?;
        hashed.map_err(|error| Unavailable::because(format!("hashing a password: {error}")))
    }

    async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool, Unavailable> {
        let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
        self.in_turn(move |argon| match hash {
            Some(hash) => {
                let hash = PasswordHash::new(&hash).map_err(|error| Unavailable::because(format!("a kept password hash: {error}")))?;
                Ok(argon.verify_password(password.as_bytes(), &hash).is_ok())
            }
            None => {
                // The same work for a name that nobody has, and an answer that depends on none of it.
                let mut nobody = [0; 32];
                let done = argon.hash_password_into(password.as_bytes(), b"nobody has this name", &mut nobody);
                std::hint::black_box(nobody);
                done.map(|()| false).map_err(|error| Unavailable::because(format!("hashing for nobody: {error}")))
            }
        })
        .await?
    }
}

/// Letters of a code: Crockford's base 32, which leaves out the letters that look like another (i, l, o) and u.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters in a code: 26 times 5 bits are 130.
const CODE_LENGTH: usize = 26;

/// Codes from the operating system's randomness, kept as SHA-256 digests. (A code has so many bits that a slow hash would add nothing.)
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomCodes;

impl Codes for RandomCodes {
    fn new_code(&self) -> String {
        let mut bytes = [0u8; CODE_LENGTH];
        rand::rng().fill_bytes(&mut bytes);
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
    }

    fn digest(&self, code: &str) -> String {
        hex_digest(code.as_bytes())
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn hex_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[tokio::test]
    async fn a_password_matches_its_hash_and_no_other() {
        let passwords = ArgonPasswords::for_testing().expect("parameters");
        let hash = passwords.hash("three small boats").await.expect("hashed");
        assert!(passwords.matches("three small boats", Some(&hash)).await.expect("compared"));
        assert!(!passwords.matches("three small boots", Some(&hash)).await.expect("compared"));
        assert!(!passwords.matches("three small boats", None).await.expect("compared"));
    }

    #[tokio::test]
    async fn a_real_hash_has_the_cost_that_was_chosen() {
        let hash = ArgonPasswords::new().expect("parameters").hash("three small boats").await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn the_same_password_hashes_differently_each_time() {
        let passwords = ArgonPasswords::for_testing().expect("parameters");
        let twice =
            [passwords.hash("three small boats").await.expect("hashed"), passwords.hash("three small boats").await.expect("hashed")];
        assert_ne!(twice[0], twice[1]);
    }

    #[tokio::test]
    async fn a_kept_hash_that_is_none_is_a_fault_and_no_match() {
        let passwords = ArgonPasswords::for_testing().expect("parameters");
        assert!(passwords.matches("three small boats", Some("plain")).await.is_err());
    }

    #[test]
    fn codes_are_safe_in_an_address_and_never_the_same() {
        let codes: BTreeSet<String> = (0..1000).map(|_| RandomCodes.new_code()).collect();
        assert_eq!(codes.len(), 1000);
        assert!(codes.iter().all(|code| code.len() == CODE_LENGTH && code.bytes().all(|b| LETTERS.contains(&b))));
    }

    #[test]
    fn a_digest_is_sha_256_in_hexadecimal() {
        assert_eq!(RandomCodes.digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
