//! The two migration folders give the same schema, and every statement fits it.

use std::collections::BTreeSet;

use sqlx::Connection as _;
use store::Database;

use crate::site::{Site, on_both};

/// Facts about a schema as lines of text, so that a difference names itself.
type Facts = BTreeSet<String>;

const SQLITE: [&str; 3] = [
    "SELECT 'column ' || t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'int' WHEN 'TEXT' THEN 'text'
        WHEN 'BLOB' THEN 'id' ELSE c.type END || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE '' END
        || ' key ' || c.pk
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
    "SELECT 'index ' || t.name || ' (' || (SELECT group_concat(i.name, ', ') FROM
        (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) || ')'
        || CASE l.\"unique\" WHEN 1 THEN ' unique' ELSE '' END || CASE l.partial WHEN 1 THEN ' partial' ELSE '' END
        FROM sqlite_master t JOIN pragma_index_list(t.name) l WHERE t.type = 'table' AND l.origin <> 'pk'",
    "SELECT 'reference ' || t.name || '.' || f.\"from\" || ' to ' || f.\"table\" || '.' || f.\"to\"
        || ' ' || lower(f.on_delete)
        FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
];

const POSTGRES: [&str; 3] = [
    "SELECT 'column ' || c.table_name || '.' || c.column_name || ' ' || CASE c.data_type WHEN 'bigint' THEN 'int'
        WHEN 'text' THEN CASE c.collation_name WHEN 'C' THEN 'text' ELSE 'text in another order' END
        WHEN 'uuid' THEN 'id' ELSE c.data_type END || CASE c.is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
        || ' key ' || COALESCE((SELECT k.ordinal_position FROM information_schema.key_column_usage k
            JOIN information_schema.table_constraints p ON p.constraint_name = k.constraint_name
                AND p.table_schema = k.table_schema AND p.table_name = k.table_name
            WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema
                AND k.table_name = c.table_name AND k.column_name = c.column_name), 0)
        FROM information_schema.columns c WHERE c.table_schema = current_schema()",
    "SELECT 'index ' || t.relname || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY k.place)
            FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')'
        || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = current_schema() AND NOT i.indisprimary",
    "SELECT 'reference ' || t.relname || '.' || a.attname || ' to ' || r.relname || '.' || b.attname
        || ' ' || CASE f.confdeltype WHEN 'a' THEN 'no action' WHEN 'c' THEN 'cascade' ELSE 'other' END
        FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = f.conkey[1]
        JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = f.confkey[1]
        JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema() AND f.contype = 'f'",
];

async fn facts(database: &Database) -> Facts {
    let mut facts = Facts::new();
    match database {
        Database::Sqlite { path } => {
            let url = format!("sqlite://{}", path.display());
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            for sql in SQLITE {
                facts.extend(sqlx::query_scalar::<_, String>(sql).fetch_all(&mut connection).await.unwrap());
            }
        }
        Database::Postgres { url } => {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            for sql in POSTGRES {
                facts.extend(sqlx::query_scalar::<_, String>(sql).fetch_all(&mut connection).await.unwrap());
            }
        }
    }
    facts
}

on_both! {
    async fn every_statement_fits_the_schema(site) {
        let check = site.store.check().await.unwrap();
        assert_eq!(check.problems, Vec::<String>::new());
        assert!(check.statements > 80, "{}", check.statements);
    }
}

#[tokio::test]
async fn both_migration_folders_give_the_same_tables_keys_and_indexes() {
    let Some(postgres) = Site::postgres().await else { return };
    let sqlite = Site::sqlite().await.unwrap();
    let (left, right) = (facts(&sqlite.database).await, facts(&postgres.database).await);
    let only_left: Vec<&String> = left.difference(&right).collect();
    let only_right: Vec<&String> = right.difference(&left).collect();
    assert_eq!((only_left, only_right), (vec![], vec![]), "on SQLite only, on PostgreSQL only");
    assert!(left.len() > 150, "{}", left.len());
    sqlite.close().await;
    postgres.close().await;
}

#[tokio::test]
async fn a_dangling_row_is_a_problem() {
    let site = Site::sqlite().await.unwrap();
    site.run_sql("PRAGMA foreign_keys = OFF; INSERT INTO page_keys (path, touched) VALUES ('/nowhere', 'x')")
        .await;
    let check = site.store.check().await.unwrap();
    assert_eq!(check.problems, ["a row of page_keys names one that is gone"]);
    site.close().await;
}
