//! Rows of sparks, of prompts, and of posts that wait for an answer.

mod coming;
mod noticing;
mod prompts;
mod went;
