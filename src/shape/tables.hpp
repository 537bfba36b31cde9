// The tables of a dataset as values: their columns, in order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/types.hpp"
#include "shape/names.hpp"
#include "shape/type.hpp"

namespace datasurface::shape {

struct Column {
    std::string name;
    Type type;
    std::string description;
    bool nullable = true;
    bool key = false;
    int id = 0;                                              // within the dataset; the same under any name
    std::optional<std::string> default_value = std::nullopt; // for rows that are there when the column is added
};

// What plans need of a dataset: its names, and its columns in the order of its tables.
struct Shape {
    std::string store;
    std::string dataset;
    std::string owner; // the role that owns the tables; statements on them run as this role
    Names names;
    std::vector<Column> columns;
    std::vector<std::string> primary_key; // in the order of the key index
    bool milestoned = false;
    bool staged_deletes = false; // a staged row may say that the row of its key is deleted
    bool staging_logged = true;  // pushed rows must survive a crash; pulled rows need not
    model::DuplicateKeys duplicate_keys = model::DuplicateKeys::error;
    int fillfactor = 90;
    bool history_key_index = true;
    std::string description;

    const Column &column(const std::string &name) const;
    std::vector<std::string> column_names() const; // unquoted
};

// Names of all columns of the staging table, and of the merge and history tables.
std::vector<std::string> staging_columns(const Shape &shape);
std::vector<std::string> merge_columns(const Shape &shape);

// For those who fill the staging table: the column `deleted`, if it has one, is a column like the others.
Shape with_deleted(Shape shape);

// dataset "orders" of store "crm", for messages
std::string title(const Shape &shape);

// types: one for each column of the dataset, in the order of the model. So are the columns of the result.
Shape make_shape(const model::Store &store, const model::Dataset &dataset, const std::vector<Type> &types);

// The same with the columns in the order of `existing` names, new ones last, as CREATE OR REPLACE VIEW requires.
void order_columns(Shape &shape, const std::vector<std::string> &existing);

} // namespace datasurface::shape
