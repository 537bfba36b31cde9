// model: JSON text to validated values, every problem with its JSON pointer.
// The only room that includes nlohmann/json, and only in its parser. All text is UTF-8.
//
// A store (data store) is a producer's database, a dataset one table of it; a workspace is a consumer,
// its groups hold sinks, and a sink names one dataset.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datasurface::model {

enum class Consistency { single, multi };    // does each dataset commit on its own, or all of a store at once?
enum class Ingestion { push, sql_snapshot }; // how rows arrive
enum class Milestoning { live, milestoned }; // are closed versions kept?
enum class DuplicateKeys { error, last };    // what two staged rows of one key mean

inline constexpr std::size_t most_columns = 1500; // PostgreSQL: 1600, less with wide types; two are ours

struct Column {
    std::string name;
    std::string type; // as PostgreSQL spells it; types outside pg_catalog carry their schema
    std::string description;
    bool nullable = true;
};

struct Dataset {
    std::string name;
    std::string description;
    Ingestion ingestion = Ingestion::push;
    std::string query; // sql_snapshot only: one SELECT
    Milestoning milestoning = Milestoning::live;
    DuplicateKeys duplicate_keys = DuplicateKeys::error;
    std::vector<Column> columns;
    std::vector<std::string> primary_key;
    int fillfactor = 90; // of the merge table, percent
    bool history_key_index = true;
};

using Roles = std::vector<std::string>;

// A workspace that may read a store.
struct Consumer {
    std::string workspace;
    std::optional<Roles> readers; // roles that may be among its readers, "public" is PUBLIC; left out: any
};

// Who may do what with a store, beside the members of its owner. Apart from the store, for it is read by itself too.
struct Access {
    Roles operators;                                // roles that may run, reset and fail its batches
    std::optional<std::vector<Consumer>> consumers; // left out: workspaces whose owner is a member of the store's owner
};

struct Store : Access {
    std::string name;
    std::string description;
    std::string schema; // of its data tables
    std::string owner;  // a role; empty: the role that loads the model
    Consistency consistency = Consistency::multi;
    std::vector<Dataset> datasets;
};

struct Sink {
    std::string store;
    std::string dataset;
    std::string name; // of the view
};

struct Group {
    std::string name;
    std::string description;
    std::vector<Sink> sinks;
};

struct Workspace {
    std::string name;
    std::string description;
    std::string schema; // of its views
    std::string owner;  // of that schema; empty: the role that loads the model
    std::vector<Group> groups;
};

// Entries stay where they are while others are read, which a vector would copy and so need twice their memory.
struct Model {
    std::deque<Store> stores;
    std::deque<Workspace> workspaces;
};

enum class Severity { error, warning };

struct Problem {
    Severity severity = Severity::error;
    std::string pointer; // RFC 6901; empty for the whole document
    std::string code;    // a word a program can test, such as duplicate_name
    std::string message;
    std::string hint;
};

using Problems = std::vector<Problem>;

bool has_errors(const Problems &problems);

// Is the column of that name part of the key?
bool is_key(const Dataset &dataset, std::string_view column);

constexpr std::string_view word(Consistency value)
{
    return value == Consistency::single ? "single" : "multi";
}

constexpr std::string_view word(Ingestion value)
{
    return value == Ingestion::push ? "push" : "sql_snapshot";
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
