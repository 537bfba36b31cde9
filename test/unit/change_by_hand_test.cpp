// Columns of ours that people have renamed or dropped by hand.

#include <algorithm>

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::change {

namespace {

using reconcile::Lines;
using shape::RelationKind;
using shape::Shape;

constexpr char note_is_gone[] = R"(column "note" was made and is not there any more (renamed or dropped by hand))";

Tables planned(const Shape &shape, const Actual &actual, const Allowed &allowed = {})
{
    return reconcile::plan_tables(shape, actual, allowed);
}

Lines words(const std::vector<Step> &steps)
{
    Lines all;
    for (const Step &step : steps)
        all.push_back(std::string(word(step.cost)) + " " + step.statement);
    return all;
}

// A column of the payload.
Actual renamed(const Shape &shape, RelationKind table, std::size_t column, const std::string &name)
{
    Actual actual = reconcile::made(shape);
    reconcile::actual_column(actual, table, column).name = name;
    return actual;
}

Actual dropped(const Shape &shape, RelationKind table, const std::string &name)
{
    Actual actual = reconcile::made(shape);
    std::erase_if(actual.table(table)->columns, [&](const ActualColumn &column) { return column.name == name; });
    return actual;
}

} // namespace

TEST(ColumnsGone, WaitForWhoMayHaveRenamedThem)
{
    Shape const shape = shape::orders();
    Tables const tables = planned(shape, renamed(shape, RelationKind::merge, 2, "remark"), {.rewrite = true});
    EXPECT_EQ(words(tables.steps), Lines{});
    ASSERT_EQ(words(tables.waiting), Lines{R"(lossy ALTER TABLE "sales"."orders" ADD COLUMN "note" text)"});
    EXPECT_EQ(tables.waiting[0].reason, note_is_gone + std::string(R"(; it may be column "remark", of the same type)"));
    EXPECT_EQ(tables.waiting[0].instead,
              R"(If it is that, rename it back: ALTER TABLE "sales"."orders" RENAME COLUMN "remark" TO "note".)");
}

TEST(ColumnsGone, AreAddedEmptyWhereThatIsAllowed)
{
    Shape const shape = shape::milestoned_orders();
    for (RelationKind const kind : table_kinds) {
        Tables const tables = planned(shape, dropped(shape, kind, "note"), everything);
        EXPECT_EQ(tables.waiting.size(), 0u);
        ASSERT_FALSE(tables.steps.empty());
        EXPECT_TRUE(tables.steps[0].statement.ends_with(R"( ADD COLUMN "note" text)")) << tables.steps[0].statement;
        EXPECT_EQ(tables.steps[0].reason, note_is_gone);
        EXPECT_EQ(tables.steps[0].instead, "If it is there under another name, rename it back.");
    }
}

TEST(ColumnsGone, ThatAreNotNullableNeedADefault)
{
    Shape shape = shape::orders();
    Actual const actual = dropped(shape, RelationKind::merge, "customer");
    ASSERT_EQ(words(planned(shape, actual, everything).waiting),
              Lines{R"(refused ALTER TABLE "sales"."orders" ADD COLUMN "customer" text NOT NULL)"});
    shape.columns[1].default_value = "nobody";
    EXPECT_EQ(words(planned(shape, actual, everything).steps),
              (Lines{R"(lossy ALTER TABLE "sales"."orders" ADD COLUMN "customer" text NOT NULL DEFAULT 'nobody'::text)",
                     R"(lossy ALTER TABLE "sales"."orders" ALTER COLUMN "customer" DROP DEFAULT)"}));
}

TEST(ColumnsGone, KeepAllElseOfTheTablesFromChanging)
{
    Shape shape = shape::milestoned_orders();
    Actual actual = renamed(shape, RelationKind::merge, 0, "number");
    actual.table(RelationKind::merge)->primary_key = {"number"}; // it follows the column
    shape.columns.push_back(shape::column("more", shape::type("text")));
    shape.columns.back().id = 4;
    Tables const tables = planned(shape, actual, everything);
    EXPECT_EQ(words(tables.steps), Lines{}) << "neither the key nor the index on it is made anew";
    EXPECT_EQ(tables.waiting.size(), 1u);
}

TEST(ColumnsGone, WaitForTheFunctionThatFollowsThem)
{
    Shape const shape = shape::milestoned_orders();
    Actual actual = renamed(shape, RelationKind::merge, 2, "remark");
    actual.find(RelationKind::as_of)->changes = "its query was changed";
    Tables const tables = planned(shape, actual, everything);
    EXPECT_EQ(words(tables.steps), Lines{});
    ASSERT_EQ(tables.waiting.size(), 1u);
    EXPECT_EQ(tables.waiting[0].cost, Class::refused);
    EXPECT_EQ(tables.waiting[0].dependents, Lines{R"(function "sales"."orders_as_of"(integer))"});
}

TEST(ColumnsGone, AreNotThoseThatTheModelHasRenamedToo)
{
    Shape shape = shape::orders();
    Actual const actual = renamed(shape, RelationKind::merge, 2, "remark");
    shape.columns[2].name = "remark";
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(tables.waiting.size(), 0u);
    EXPECT_EQ(words(tables.steps),
              Lines{R"(safe ALTER TABLE "sales"."orders_staging" RENAME COLUMN "note" TO "remark")"});
}

TEST(ColumnsGone, AreRenamedByTheModelOnceTheyAreThere)
{
    Shape shape = shape::orders();
    Actual const actual = dropped(shape, RelationKind::merge, "note");
    shape.columns[2].name = "remark";
    Lines const steps = words(planned(shape, actual, everything).steps);
    ASSERT_GE(steps.size(), 2u);
    EXPECT_EQ(steps[0], R"(lossy ALTER TABLE "sales"."orders" ADD COLUMN "note" text)");
    EXPECT_EQ(std::count(steps.begin(), steps.end(),
                         R"(safe ALTER TABLE "sales"."orders" RENAME COLUMN "note" TO "remark")"),
              1);
}

TEST(ColumnsGone, AreNamedOnlyWhereOneCanBeMeant)
{
    Shape const shape = shape::orders();
    Actual two_unknown = renamed(shape, RelationKind::merge, 2, "remark");
    two_unknown.table(RelationKind::merge)->columns.push_back({"theirs", "text", false, ""});
    EXPECT_EQ(planned(shape, two_unknown).waiting[0].reason, note_is_gone);
    Actual two_gone = renamed(shape, RelationKind::merge, 2, "remark");
    std::erase_if(two_gone.table(RelationKind::merge)->columns,
                  [](const ActualColumn &column) { return column.name == "customer"; });
    for (const Step &step : planned(shape, two_gone).waiting)
        EXPECT_EQ(step.reason.find("remark"), std::string::npos) << step.reason;
    Actual other_type = renamed(shape, RelationKind::merge, 2, "remark");
    reconcile::actual_column(other_type, RelationKind::merge, 2).type = "integer";
    EXPECT_EQ(planned(shape, other_type).waiting[0].reason, note_is_gone);
}

TEST(ColumnsGone, AreNotThoseOfATimeWithoutHistory)
{
    Shape shape = shape::milestoned_orders();
    Actual actual = dropped(shape, RelationKind::history, "note");
    actual.ours.erase(RelationKind::as_of); // the dataset has been live since
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(tables.waiting.size(), 0u);
    Lines const steps = words(tables.steps);
    EXPECT_EQ(std::count(steps.begin(), steps.end(),
                         R"(safe ALTER TABLE "sales"."orders_history" ADD COLUMN "note" text)"),
              1);
}

TEST(SystemColumns, ThatAreNotThereAreRefusedWithWhatToDo)
{
    Shape const shape = shape::milestoned_orders();
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::history)->columns[0].name = "begun";
    actual.find(RelationKind::as_of)->changes = "its query was changed";
    Tables const renamed = planned(shape, actual, everything);
    EXPECT_EQ(words(renamed.steps), Lines{});
    ASSERT_EQ(words(renamed.waiting),
              Lines{R"(refused ALTER TABLE "sales"."orders_history" RENAME COLUMN "begun" TO "ds_surf_batch_in")"});
    EXPECT_NE(renamed.waiting[0].reason.find(R"(it may be column "begun", of the same type. If it has another name, )"
                                             "rename it back; else"),
              std::string::npos);
    Tables const gone = planned(shape, dropped(shape, RelationKind::merge, "ds_surf_batch_out"), everything);
    ASSERT_EQ(words(gone.waiting),
              Lines{R"(refused ALTER TABLE "sales"."orders" ADD COLUMN "ds_surf_batch_out" integer)"});
    EXPECT_NE(gone.waiting[0].reason.find("restore the table from a dump"), std::string::npos);
}

TEST(SystemColumns, ThatWereAlteredAreRefused)
{
    Shape const shape = shape::orders();
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::merge)->columns[1].type = "bigint";
    EXPECT_EQ(words(planned(shape, actual, everything).waiting),
              Lines{R"(refused ALTER TABLE "sales"."orders" ALTER COLUMN "ds_surf_batch_out" TYPE integer)"});
    actual = reconcile::made(shape);
    actual.table(RelationKind::staging)->columns[0].numbers_itself = false;
    EXPECT_EQ(words(planned(shape, actual, everything).waiting),
              Lines{R"(refused ALTER TABLE "sales"."orders_staging" ALTER COLUMN "ds_surf_arrival" ADD GENERATED )"
                    R"(ALWAYS AS IDENTITY (SEQUENCE NAME "sales"."orders_staging_seq"))"});
}

TEST(SystemColumns, OfAHistoryThatIsNotUsedDoNotMatter)
{
    Actual actual = reconcile::made(shape::milestoned_orders());
    actual.ours.erase(RelationKind::as_of);
    actual.table(RelationKind::history)->columns[0].name = "begun";
    EXPECT_EQ(words(planned(shape::orders(), actual).waiting), Lines{});
}

} // namespace datasurface::change
