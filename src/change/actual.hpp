// What is there: the objects of a dataset or a sink, by our records and in the database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "change/publishing.hpp"
#include "shape/relation_kind.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::change {

struct ActualColumn {
    std::string name;
    std::string type; // as format_type spells it
    bool not_null = false;
    std::string comment;
    bool numbers_itself = false; // GENERATED AS IDENTITY
};

struct ActualRelation {
    char kind = 'r'; // as pg_class.relkind
    std::string options = {};
    std::string comment = {};
    std::vector<ActualColumn> columns = {}; // of an index: names only
    std::string owner = {};
    bool logged = true;
    std::int64_t bytes = 0; // of a table
    bool is_large = false;  // so large that readers must not wait while it is read
    int places = 0;         // of its columns, with those that were dropped
    // of a merge table
    bool has_key = true;                       // a unique index keeps the wanted keys unique
    std::vector<std::string> primary_key = {}; // the columns of its primary key
    std::string key_name = {};                 // of the constraint
    std::vector<std::string> new_key = {};     // the columns of a unique index that was built to become the key
    std::map<int, bool> checks = {}; // by id of the column: constraints that precede its NOT NULL; true: validated
    bool emptied = false;            // of a staging table: by the steps
};

// An object that ds_reconcile_schema made, as recorded, and what is there of it.
struct Object {
    sqltext::Qualified name;
    std::string definition = {};
    std::string owner = {};    // the role that it was made for
    std::string changes = {};  // of a function or view: how it differs from the record now; empty: it does not
    int dataset = 0;           // the dataset whose rows it holds or shows
    bool exists = false;       // under that name
    ActualRelation there = {}; // of a relation that exists
};

// A view of consumers that shows a dataset, by our records.
struct Dependent {
    shape::RelationKind kind;
    sqltext::Qualified name;

    bool operator==(const Dependent &) const = default;
};

// An object that depends on a column of the merge or history table, or on a view of ours that does.
struct Use {
    std::string column;            // empty: on the table as a whole
    std::string object;            // as pg_describe_object says
    std::optional<Dependent> view; // it is a view of ours
};

// A change of a column's type that may fail for a value. `to` as format_type spells it.
struct Conversion {
    shape::RelationKind table;
    int column; // its id
    std::string name;
    std::string to;
};

struct Actual {
    std::map<shape::RelationKind, Object> ours;
    std::set<sqltext::Qualified> relations; // that exist under wanted or recorded names
    std::set<sqltext::Qualified> functions;
    std::map<int, std::string> made_columns; // by id: the names in the tables, as of the last reconcile
    std::vector<Dependent> views;            // existing ones; read only when a table is missing
    std::vector<Use> uses;                   // read only when a column is dropped or changes its type
    std::vector<std::string> key_users;      // of others, which need the primary key; read only when it changes
    std::vector<std::string> code;           // on the tables and views, of others; read only when the owner changes
    // By table and id of the column: which rows do not convert. Read only when a column changes to a type that may not hold its values.
    std::map<std::pair<shape::RelationKind, int>, std::string> not_converting;
    // Rows that keep a column of the merge table from becoming NOT NULL, by its id, and keys that are there more than once under the wanted
    // key. Read only for a plan that is shown.
    std::map<int, std::string> nulls;
    std::string shared_keys;
    bool is_reconciled = false; // the model asks for nothing else than at the last reconcile
    int last_batch = 0;         // the newest number of the stream
    int history_from = 0;       // the first batch that as-of can answer for
    Publishing publishing = {};

    bool is_ours(shape::RelationKind kind) const { return ours.count(kind) > 0; }
    // nullptr: we made none, or it no longer exists
    const Object *find(shape::RelationKind kind) const;
    Object *find(shape::RelationKind kind);
    // of a table; nullptr as above
    ActualRelation *table(shape::RelationKind kind);
    // We made it, and it no longer exists under its name.
    bool is_missing(shape::RelationKind kind) const { return is_ours(kind) && find(kind) == nullptr; }
};

} // namespace datasurface::change
