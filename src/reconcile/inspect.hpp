// Private to reconcile: reads the existing objects under names that the model needs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "change/actual.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

bool schema_exists(const std::string &name);

struct FoundRelation {
    std::string oid;
    change::ActualRelation relation; // without its columns
};

using FoundRelations = std::map<sqltext::Qualified, FoundRelation>;

// now: of the table's file. known: as VACUUM or ANALYZE found it; no table is opened, and none stays in the session's cache.
enum class Size { now, known };

FoundRelations inspect_relations(const std::vector<sqltext::Qualified> &names, Size size = Size::now);

// The columns of a table in order, with our system columns; empty when the table does not exist.
std::vector<std::string> columns_of(const sqltext::Qualified &table);

change::Publishing publishing_of(const catalog::Dataset &dataset);

// An object by our record; of a function or view, also how it differs from the record. exists: under the recorded name.
change::Object object_of(const catalog::Relation &record, bool exists);

// Throws SF004 when a function or view is not as its record says: asked behind a change of its owner, for nothing may have kept its owner
// until then from changing it.
void require_as_recorded(const catalog::Relation &record);

// Two arrays, as arguments for unnest().
struct NameArrays {
    std::string schemas;
    std::string names;
};

NameArrays arrays_of(const std::vector<sqltext::Qualified> &names);

} // namespace datasurface::reconcile
