//! Cells as text. Answers come in the binary form of their type; what we cannot read ourselves the server turns into text,
//! as it would for psql.

use std::error::Error;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::{
    Client, Row,
    types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked},
};

/// How many cells the server is asked to turn into text at once; a statement has at most 65,535 parameters.
const BATCH: usize = 500;

/// How much is shown of what nobody can read, in bytes.
const HEX: usize = 32;

/// A cell as it came.
#[derive(Debug)]
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A cell that the server has to be asked about: row, column, type.
struct Foreign {
    row: usize,
    column: usize,
    of: Type,
    raw: Raw,
}

/// Rows as text; what the server cannot turn into text either is shown in hexadecimal digits.
pub(super) async fn texts(client: &Client, rows: &[Row]) -> Vec<Vec<Option<String>>> {
    let mut foreign = Vec::new();
    let mut texts: Vec<Vec<Option<String>>> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(row.len());
        for (column, def) in row.columns().iter().enumerate() {
            let raw: Option<Raw> = row.try_get(column).unwrap_or_default();
            let text = raw.as_ref().map(|raw| plain(def.type_(), &raw.0));
            if let (Some(raw), Some(None)) = (raw, &text) {
                foreign.push(Foreign { row: at, column, of: def.type_().clone(), raw });
            }
            cells.push(text.flatten());
        }
        texts.push(cells);
    }
    for batch in foreign.chunks(BATCH) {
        let mut answers = translated(client, batch).await;
        if answers.is_empty() {
            // One that the server cannot read back spoils them all.
            for cell in batch {
                answers.push(translated(client, std::slice::from_ref(cell)).await.pop().flatten());
            }
        }
        for (at, cell) in batch.iter().enumerate() {
            let text = answers.get(at).cloned().flatten().unwrap_or_else(|| hex(&cell.raw.0));
            if let Some(place) = texts.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
                *place = Some(text);
            }
        }
    }
    texts
}

/// What the server makes of some cells, by the output function of their type and not by a cast, which may say more;
/// nothing where it cannot.
async fn translated(client: &Client, cells: &[Foreign]) -> Vec<Option<String>> {
    let columns: Vec<_> = (1..=cells.len()).map(|n| format!("format('%s', ${n})")).collect();
    let binds: Vec<(&(dyn ToSql + Sync), Type)> =
        cells.iter().map(|cell| (&cell.raw as &(dyn ToSql + Sync), cell.of.clone())).collect();
    match client.query_typed(&format!("select {}", columns.join(", ")), &binds).await {
        Ok(rows) => {
            let Some(row) = rows.first() else { return Vec::new() };
            (0..row.len()).map(|at| row.try_get::<_, Option<String>>(at).ok().flatten()).collect()
        }
        Err(_) => Vec::new(),
    }
}

/// What we can read ourselves.
fn plain(of: &Type, raw: &[u8]) -> Option<String> {
    fn number<const N: usize>(raw: &[u8]) -> Option<[u8; N]> {
        raw.try_into().ok()
    }
    let words = matches!(of.kind(), Kind::Enum(_))
        || [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::JSON, Type::XML, Type::UNKNOWN].contains(of);
    if words {
        return Some(String::from_utf8_lossy(raw).into_owned());
    }
    match *of {
        Type::VOID => Some(String::new()),
        Type::BOOL => Some(if raw == [0] { "f" } else { "t" }.to_owned()),
        Type::INT2 => number(raw).map(|raw| i16::from_be_bytes(raw).to_string()),
        Type::INT4 => number(raw).map(|raw| i32::from_be_bytes(raw).to_string()),
        Type::INT8 => number(raw).map(|raw| i64::from_be_bytes(raw).to_string()),
        Type::OID | Type::XID => number(raw).map(|raw| u32::from_be_bytes(raw).to_string()),
        _ => None,
    }
}

fn hex(raw: &[u8]) -> String {
    let digits = raw.iter().take(HEX).fold(String::from("\\x"), |text, byte| format!("{text}{byte:02x}"));
    if raw.len() > HEX { format!("{digits}…") } else { digits }
}
