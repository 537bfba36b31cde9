// model: reads JSON text into validated values. Every problem has a JSON pointer.
// The only room that includes nlohmann/json, and only in its parser. All text is UTF-8.
//
// A store (data store) is a producer's database, a dataset one table of it; a workspace is a consumer,
// its groups hold sinks, and a sink names one dataset.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/rules.hpp"
#include "model/source.hpp"
#include "model/watermark.hpp"

namespace datasurface::model {

enum class Consistency { single, multi }; // single: each dataset commits by itself; multi: all of a store together
// Others write the staging tables; or a query fills them, each time with all rows, or with those beyond a mark.
enum class Ingestion { push, sql_snapshot, sql_watermark };
enum class PushedRows { snapshot, delta };   // all rows of the source, or those that have changed, and deletes
enum class Milestoning { live, milestoned }; // milestoned: closed versions are kept
enum class DuplicateKeys { error, last };    // for staged rows with the same key: an error, or the last one counts

inline constexpr std::size_t most_columns = 1500; // PostgreSQL: 1600, less with wide types; two are ours

// A text that few entries have; null: none. A pointer, because a document may have very many entries.
using Rare = std::shared_ptr<const std::string>;

struct Column {
    std::string name;
    std::string type; // as format_type spells it; with its schema unless in pg_catalog
    std::string description;
    bool nullable = true;
    int id = 0;     // of the dataset's columns; in the catalog only, 0 in a document
    Rare from = {}; // its name in the table that the dataset is read from; null: the same
    Rare was = {};  // the name that it had
    Rare default_text =
        {}; // what existing rows get when it is added and not nullable; the type's input function reads it
};

// A dataset is filled in chunks before it is published, each in a transaction of its own.
struct FirstLoad {
    int chunk_rows = 1'000'000; // about so many rows of the source are a chunk
    int connections = 1;        // chunks that are loaded at a time, each by a session of its own

    bool operator==(const FirstLoad &) const = default;
};

struct Dataset {
    std::string name;
    std::string description;
    Ingestion ingestion = Ingestion::push;
    PushedRows rows = PushedRows::snapshot; // of push only
    std::string query;                      // of a pull without `from` only: one SELECT
    std::shared_ptr<const From> from; // of a pull without a query only. Pointers, because most datasets have neither
    std::shared_ptr<const Watermark> watermark; // of sql_watermark only
    Milestoning milestoning = Milestoning::live;
    DuplicateKeys duplicate_keys = DuplicateKeys::error;
    std::vector<Column> columns;
    std::vector<std::string> primary_key;
    int fillfactor = 90; // of the merge table, percent
    bool history_key_index = true;
    std::optional<FirstLoad>
        first_load;                     // of a pull only, as it holds: its own or its store's; none: in one transaction
    std::shared_ptr<const Rules> rules; // as they hold; parse() sets it. Shared by the datasets that say nothing of it
    Rare was = {};
};

// A workspace that may read a store.
struct Consumer {
    std::string workspace;
    std::optional<Roles> readers; // roles that may read its views, "public" is PUBLIC; none: any role
};

// Who may use a store, besides members of its owner. A type of its own, because it is also read separately.
struct Access {
    Roles operators; // roles that may run, reset and fail its batches
    // Pointers, because most stores have neither, and a document may have very many stores.
    std::shared_ptr<const Roles> release; // roles that may decide of held batches; null: who may run them
    std::shared_ptr<const std::vector<Consumer>>
        consumers; // null: workspaces whose owner is a member of the store's owner
};

struct Store : Access {
    std::string name;
    Rare description;   // a pointer, for a document may have very many stores; null: none
    std::string schema; // of its data tables
    std::string owner;  // a role; empty: the role that loads the model
    Rare source;        // the name of the source that its datasets are pulled from; null: this database
    Consistency consistency = Consistency::multi;
    std::vector<Dataset> datasets;
};

// A column of the dataset that a view shows.
struct SinkColumn {
    std::string column;
    std::unique_ptr<std::string> as = {}; // its name in the view; null: the same. Small, as a list may be long

    const std::string &name() const { return as && !as->empty() ? *as : column; }
};

// What a view shows of its dataset.
struct SinkPart {
    std::vector<SinkColumn> columns; // empty: all, under their names
    std::string where;               // a condition in SQL; empty: all rows
};

struct Sink {
    std::string store;
    std::string dataset;
    std::string name;                    // of the view
    std::shared_ptr<SinkPart> part = {}; // null: all columns and rows. A pointer, because most sinks have none

    const std::vector<SinkColumn> &columns() const;
    const std::string &where() const;
};

struct Group {
    std::string name;
    std::string description;
    std::vector<Sink> sinks;
};

// What a workspace says of all its views.
struct AllViews {
    Roles readers;          // roles that may read them; "public" is PUBLIC
    std::string view_names; // of sinks that gave none, in a document; see view_names.hpp
};

struct Workspace {
    std::string name;
    std::string description;
    std::string schema; // of its views
    std::string owner;  // of that schema; empty: the role that loads the model
    std::vector<Group> groups;
    std::shared_ptr<AllViews> all_views = {}; // null: nothing is said. A pointer, because most workspaces say nothing

    const Roles &readers() const;
    const std::string &view_names() const;
};

// A deque: entries keep their addresses while others are added. A growing vector would copy them and need twice the memory.
struct Model {
    std::deque<Store> stores;
    std::deque<Workspace> workspaces;
    std::map<std::size_t, std::string> stores_were = {}; // the names that some of them had, by position
    std::map<std::size_t, std::string> workspaces_were = {};
    std::deque<Source> sources = {};
    std::deque<Credential> credentials = {};
    std::map<std::size_t, std::string> sources_were = {};
    std::map<std::size_t, std::string> credentials_were = {};
};

enum class Severity { error, warning };

struct Problem {
    Severity severity = Severity::error;
    std::string pointer; // RFC 6901; empty for the whole document
    std::string code;    // a word for programs, such as duplicate_name
    std::string message;
    std::string hint;
};

using Problems = std::vector<Problem>;

bool has_errors(const Problems &problems);

// True when the column of that name is part of the key.
bool is_key(const Dataset &dataset, std::string_view column);

// Its staged rows may be deletes of their keys.
bool stages_deletes(const Dataset &dataset);

constexpr std::string_view word(Consistency value)
{
    return value == Consistency::single ? "single" : "multi";
}

constexpr std::string_view word(Ingestion value)
{
    return value == Ingestion::push ? "push" : value == Ingestion::sql_snapshot ? "sql_snapshot" : "sql_watermark";
}

constexpr bool is_pulled(Ingestion value)
{
    return value != Ingestion::push;
}

constexpr std::string_view word(PushedRows value)
{
    return value == PushedRows::snapshot ? "snapshot" : "delta";
}

constexpr std::string_view word(Milestoning value)
{
    return value == Milestoning::live ? "live" : "milestoned";
}

constexpr std::string_view word(DuplicateKeys value)
{
    return value == DuplicateKeys::error ? "error" : "last";
}

constexpr std::string_view word(Severity value)
{
    return value == Severity::error ? "error" : "warning";
}

} // namespace datasurface::model
