// The COPY that reads a dataset from a source, and in which form each column comes. It is always binary.
//
// A value arrives as one of the column's type there, and is then assigned to the column here, as an INSERT would do it. So a pull gives
// what a local query of the same table gives, and no cast runs there, where it may be another version's. A type that is not known here
// has text only, which the input function of the type here reads.
#pragma once

#include <string>
#include <vector>

namespace datasurface::remote {

struct ColumnType {
    unsigned int oid = 0;
    int modifier = -1;

    bool operator==(const ColumnType &) const = default;
};

enum class Form {
    binary,     // for the type's receive function
    characters, // the value of a text, varchar or character
    text        // for the type's input function
};

// What the type here is under its domains.
struct Base {
    unsigned int oid = 0;
    bool takes_any_text = false; // PostgreSQL assigns a value of any type to it, by its text
};

struct Column {
    std::string name;
    ColumnType here;
    ColumnType there; // without an OID: it is not built in, or not known here
    Base base = {};
};

// A column's values as they come. If the type is not the column's, they have to be assigned.
struct Arrival {
    Form form = Form::text;
    ColumnType type;

    bool operator==(const Arrival &) const = default;
};

struct CopyPlan {
    std::string statement;
    std::vector<Arrival> arrivals;
};

// query: one plain SELECT, which gives the columns by name.
CopyPlan plan_copy(const std::string &query, const std::vector<Column> &columns);

// A statement that gives the columns of a query, for it to be prepared and described.
std::string plan_describe(const std::string &query);

} // namespace datasurface::remote
