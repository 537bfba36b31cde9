// The COPY that reads a dataset from a source, and in which form each column comes. It is always binary. The binary form of a value
// depends on its type alone, so a type that is equal here and there comes as it is; any other value comes as text, which the type's
// input function reads here.
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
    characters, // the value of a text or varchar
    text        // for the type's input function
};

struct Column {
    std::string name;
    ColumnType here;
    ColumnType there;
};

struct CopyPlan {
    std::string statement;
    std::vector<Form> forms;
};

// query: one plain SELECT, which gives the columns by name.
CopyPlan plan_copy(const std::string &query, const std::vector<Column> &columns);

// A statement that gives the columns of a query, for it to be prepared and described.
std::string plan_describe(const std::string &query);

} // namespace datasurface::remote
