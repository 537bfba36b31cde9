#include "change/comments.hpp"

#include <unordered_map>

namespace datasurface::change {

namespace {

using shape::RelationKind;
using shape::Shape;
using sqltext::identifier;
using sqltext::literal;

std::string table_comment(const Shape &shape, RelationKind kind)
{
    if (kind == RelationKind::merge)
        return shape.description;
    return (kind == RelationKind::staging ? "incoming rows of " : "closed versions of ") + shape::title(shape);
}

} // namespace

std::vector<std::pair<std::string, std::string>> column_comments(const Shape &shape, RelationKind kind)
{
    std::vector<std::pair<std::string, std::string>> comments;
    if (kind == RelationKind::staging) {
        comments.emplace_back(shape::arrival, "order of arrival, which numbers itself");
    } else {
        comments.emplace_back(shape::batch_in, "first batch in which this version is current");
        comments.emplace_back(shape::batch_out,
                              "last batch in which this version is current; 2147483647 while it still is");
    }
    for (const shape::Column &column : shape.columns)
        comments.emplace_back(column.name, column.description);
    if (kind == RelationKind::staging && shape.staged_deletes)
        comments.emplace_back(shape::deleted, "true: the row of this key is deleted; else it is inserted or updated");
    return comments;
}

void write_comments(Tables &tables, RelationKind kind)
{
    Object &object = *tables.now.find(kind);
    std::string const table = object.name.sql();
    std::vector<std::string> comments;
    if (std::string const comment = table_comment(tables.wanted, kind); comment != object.there.comment) {
        comments.push_back("COMMENT ON TABLE " + table + " IS " + literal(comment));
        object.there.comment = comment;
    }
    std::unordered_map<std::string, std::string *> present;
    for (ActualColumn &column : object.there.columns)
        present.emplace(column.name, &column.comment);
    for (const auto &[column, comment] : column_comments(tables.wanted, kind)) {
        auto const found = present.find(column);
        if (found == present.end() || *found->second == comment)
            continue;
        comments.push_back("COMMENT ON COLUMN " + table + "." + identifier(column) + " IS " + literal(comment));
        *found->second = comment;
    }
    if (!comments.empty())
        tables.take(Step{table, Action::comment, sqltext::join(comments, "; "), std::nullopt, object.name,
                         Lock::share_update_exclusive});
}

} // namespace datasurface::change
