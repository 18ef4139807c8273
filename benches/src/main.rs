//! Measures what people wait for beside its bare limit, and writes the tables into `benches/RESULTS.md`. Everything
//! that is compared is measured in turns within one run, so that the ratios hold on any machine.

mod api;
mod corpus;
mod import;
mod kept;
mod list;
mod load;
mod options;
mod pane;
mod people;
mod place;
mod results;
mod rows;
mod serve;
mod sheet;
mod start;

use anyhow::Result;
use options::Options;

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::from_words(std::env::args().skip(1))?;
    if options.wants("import") {
        import::run(&options).await?;
    }
    if options.wants("pane") {
        pane::run(&options).await?;
    }
    if options.wants("api") {
        api::run(&options).await?;
    }
    if options.wants("list") {
        list::run(&options).await?;
    }
    if options.wants("start") {
        start::run(&options)?;
    }
    Ok(())
}
