// Columns that come, go and change their names.

#include <algorithm>

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::change {

namespace {

using reconcile::Lines;
using shape::RelationKind;
using shape::Shape;

Tables planned(const Shape &shape, const Actual &actual, const Allowed &allowed = everything)
{
    return reconcile::plan_tables(shape, actual, allowed);
}

// Of the merge table: what is behind its name.
Lines merge_steps(const Tables &tables)
{
    std::string const prefix = "ALTER TABLE \"sales\".\"orders\" ";
    Lines changes;
    for (const Step &step : tables.steps)
        if (step.statement.starts_with(prefix))
            changes.push_back(step.statement.substr(prefix.size()));
    return changes;
}

Shape without(Shape shape, std::size_t column)
{
    shape.columns.erase(shape.columns.begin() + static_cast<std::ptrdiff_t>(column));
    return shape;
}

} // namespace

TEST(ColumnsAdded, WithADefaultFillTheMergeTableOnly)
{
    Shape shape = shape::milestoned_orders();
    Actual const actual = reconcile::made(shape);
    shape.columns.push_back(shape::column("since", shape::type("date"), false));
    shape.columns.back().id = 4;
    shape.columns.back().default_value = "2020-01-01";
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(merge_steps(tables), (Lines{R"(ADD COLUMN "since" date NOT NULL DEFAULT '2020-01-01'::date)",
                                          R"(ALTER COLUMN "since" DROP DEFAULT)"}));
    EXPECT_EQ(tables.steps[0].statement, R"(ALTER TABLE "sales"."orders_staging" ADD COLUMN "since" date)");
    EXPECT_EQ(tables.steps[3].statement, R"(ALTER TABLE "sales"."orders_history" ADD COLUMN "since" date)");
    for (const Step &step : tables.steps)
        EXPECT_EQ(step.cost, Class::safe);
}

TEST(ColumnsAdded, AreRefusedWhereAUserHasAddedOneOfThatName)
{
    Shape shape = shape::milestoned_orders();
    Actual actual = reconcile::made(shape);
    shape.columns.push_back(shape::column("since", shape::type("date"), true));
    shape.columns.back().id = 4;
    Actual taken = actual;
    taken.table(RelationKind::history)->columns.push_back({"since", "date", false, ""});
    EXPECT_EQ(reconcile::refusal(shape, taken),
              R"(SF004 table "sales"."orders_history" has a column "since" that ds_reconcile_schema did not make, and )"
              "the model adds one of that name");
    taken.made_columns[4] = "since"; // and dropped by hand from the others
    EXPECT_EQ(reconcile::refusal(shape, taken), "nothing");
    taken.made_columns.clear();
    EXPECT_EQ(reconcile::refusal(shape, taken), "nothing") << "it is not known what was made";
}

TEST(ColumnsAdded, AreRefusedWhereDroppedColumnsHaveTakenAllPlaces)
{
    Shape shape = shape::orders();
    Actual actual = reconcile::made(shape);
    shape.columns.push_back(shape::column("since", shape::type("date"), true));
    shape.columns.back().id = 4;
    actual.table(RelationKind::merge)->places = 1599;
    EXPECT_EQ(reconcile::refusal(shape, actual), "nothing");
    actual.table(RelationKind::merge)->places = 1600;
    EXPECT_EQ(reconcile::refusal(shape, actual), R"(SF004 table "sales"."orders" has no place for 1 column more)");
}

TEST(ColumnsAdded, OfADomainWithConstraintsRewriteTheTables)
{
    Shape shape = shape::milestoned_orders();
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::merge)->bytes = 8192;
    shape.columns.push_back(shape::column("level", shape::type("small")));
    shape.columns.back().id = 4;
    shape.columns.back().type.rewrites_table = true;
    shape.columns.push_back(shape::column("since", shape::type("date")));
    shape.columns.back().id = 5;
    Tables const waits = planned(shape, actual, {});
    EXPECT_EQ(merge_steps(waits), Lines{R"(ADD COLUMN "since" date)"});
    ASSERT_EQ(waits.waiting.size(), 3u) << "in all tables together";
    EXPECT_EQ(waits.waiting[0].cost, Class::safe) << "of the staging table, which is small";
    EXPECT_EQ(waits.waiting[1].cost, Class::rewrite);
    EXPECT_EQ(waits.waiting[1].bytes, 8192);
    EXPECT_EQ(waits.waiting[1].reason.substr(0, 52), "the table is rewritten: a domain of the new column (");
    EXPECT_EQ(waits.wanted.columns.size(), 4u) << "what is planned behind must not count on it";
    EXPECT_EQ(merge_steps(planned(shape, actual, {.rewrite = true})),
              (Lines{R"(ADD COLUMN "since" date)", R"(ADD COLUMN "level" small)"}));
}

TEST(ColumnsDropped, AreThoseThatReconcileMade)
{
    Actual actual = reconcile::made(shape::orders());
    actual.table(RelationKind::merge)->columns.push_back({"theirs", "text", false, ""});
    Tables const tables = planned(without(shape::orders(), 2), actual);
    EXPECT_EQ(merge_steps(tables), Lines{R"(DROP COLUMN "note")"});
    EXPECT_EQ(tables.steps.front().cost, Class::lossy);
    EXPECT_EQ(tables.now.made_columns.count(3), 0u);
}

TEST(ColumnsDropped, WaitAndStayKnown)
{
    Tables const tables = planned(without(shape::orders(), 2), reconcile::made(shape::orders()), {.rewrite = true});
    EXPECT_EQ(merge_steps(tables), Lines{});
    EXPECT_EQ(tables.waiting.size(), 2u);
    EXPECT_EQ(tables.now.made_columns.at(3), "note");
}

TEST(ColumnsDropped, OfTheKeyTakeTheKeyAndItsIndexWithThem)
{
    Shape shape = shape::milestoned_orders();
    shape.columns[1].key = true;
    shape.primary_key = {"id", "customer"};
    Actual actual = reconcile::made(shape);
    actual.relations = {{"sales", "orders_history_key_idx"}};
    shape.primary_key = {"id"};
    Tables const tables = planned(without(shape, 1), actual);
    EXPECT_EQ(merge_steps(tables),
              (Lines{R"(DROP COLUMN "customer")", R"(ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("id"))"}));
    Lines const all = reconcile::lines(tables.steps);
    EXPECT_EQ(std::
                  count(all.begin(), all.end(),
                        R"(create [history_key_index orders_history_key_idx] CREATE INDEX "orders_history_key_idx" ON )"
                        R"("sales"."orders_history" ("id", "ds_surf_batch_out"))"),
              1);
    for (const std::string &line : all)
        EXPECT_EQ(line.find("DROP INDEX"), std::string::npos) << "PostgreSQL has dropped it";
}

TEST(ColumnsRenamed, KeepTheirValuesAndTheirKey)
{
    Shape shape = shape::milestoned_orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[0].name = "number";
    shape.primary_key = {"number"};
    Tables const tables = planned(shape, actual, {});
    EXPECT_EQ(merge_steps(tables), Lines{R"(RENAME COLUMN "id" TO "number")"});
    EXPECT_TRUE(tables.waiting.empty());
    for (const Step &step : tables.steps)
        EXPECT_EQ(step.statement.find("INDEX"), std::string::npos) << step.statement;
    EXPECT_EQ(tables.steps.back().action, Action::replace) << "the as-of function names its columns";
}

TEST(ColumnsRenamed, InAChainTakeTheFreeNameFirst)
{
    Shape shape = shape::orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[1].name = "note";
    shape.columns[2].name = "remark";
    EXPECT_EQ(merge_steps(planned(shape, actual)),
              (Lines{R"(RENAME COLUMN "note" TO "remark")", R"(RENAME COLUMN "customer" TO "note")"}));
}

TEST(ColumnsRenamed, InARingGoOverAThirdName)
{
    Shape shape = shape::orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[1].name = "note";
    shape.columns[2].name = "customer";
    EXPECT_EQ(merge_steps(planned(shape, actual)),
              (Lines{R"(RENAME COLUMN "customer" TO "ds_surf_renamed")", R"(RENAME COLUMN "note" TO "customer")",
                     R"(RENAME COLUMN "ds_surf_renamed" TO "note")"}));
}

TEST(ColumnsRenamed, WaitForTheColumnThatHasTheirName)
{
    Shape shape = without(shape::orders(), 2);
    Actual const actual = reconcile::made(shape::orders());
    shape.columns[1].name = "note";
    Tables const waits = planned(shape, actual, {});
    EXPECT_EQ(merge_steps(waits), Lines{});
    EXPECT_EQ(waits.waiting.size(), 3u);
    EXPECT_EQ(waits.wanted.columns[1].name, "customer");
    EXPECT_EQ(merge_steps(planned(shape, actual)),
              (Lines{R"(DROP COLUMN "note")", R"(RENAME COLUMN "customer" TO "note")"}));
}

TEST(ColumnsRenamed, AreRefusedWhereAUserHasAddedOneOfThatName)
{
    Shape shape = shape::orders();
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::merge)->columns.push_back({"remark", "text", false, ""});
    shape.columns[2].name = "remark";
    EXPECT_EQ(reconcile::refusal(shape, actual),
              R"(SF004 table "sales"."orders" differs from the model: column "note" is renamed to "remark", )"
              "but it has a column of that name");
}

TEST(ColumnsReordered, ChangeNothing)
{
    Shape shape = shape::milestoned_orders();
    Actual const actual = reconcile::made(shape);
    std::swap(shape.columns[1], shape.columns[2]);
    shape::order_columns(shape, reconcile::payload_order(shape, actual));
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(reconcile::lines(tables.steps), Lines{});
}

TEST(PayloadOrder, FollowsARenamedColumn)
{
    Shape shape = shape::orders();
    Actual const actual = reconcile::made(shape);
    shape.columns[1].name = "client";
    EXPECT_EQ(reconcile::payload_order(shape, actual),
              (Lines{"ds_surf_batch_in", "ds_surf_batch_out", "id", "client", "note"}));
}

TEST(StagedDeletes, HaveAColumnBehindThePayload)
{
    Shape shape = shape::orders();
    shape.staged_deletes = true;
    Actual const actual = reconcile::made(shape);
    const ActualColumn &last = actual.ours.at(RelationKind::staging).there.columns.back();
    EXPECT_EQ(last.name, "ds_surf_deleted");
    EXPECT_EQ(last.type, "boolean");
    EXPECT_FALSE(last.not_null);
    EXPECT_TRUE(planned(shape, actual).steps.empty());
}

TEST(StagedDeletes, ComeAndGoWithTheKindOfRows)
{
    Shape with = shape::orders();
    with.staged_deletes = true;
    Tables const comes = planned(with, reconcile::made(shape::orders()));
    std::string const comment = R"(comment COMMENT ON COLUMN "sales"."orders_staging"."ds_surf_deleted" IS )"
                                "'true: the row of this key is deleted; else it is inserted or updated'";
    EXPECT_EQ(reconcile::lines(comes.steps),
              (Lines{R"(alter ALTER TABLE "sales"."orders_staging" ADD COLUMN "ds_surf_deleted" boolean)", comment}));
    Tables const goes = planned(shape::orders(), reconcile::made(with));
    EXPECT_EQ(reconcile::lines(goes.steps),
              Lines{R"(alter ALTER TABLE "sales"."orders_staging" DROP COLUMN "ds_surf_deleted")"});
    for (const Tables *const tables : {&comes, &goes})
        EXPECT_EQ(tables->steps.front().cost, Class::safe);
}

TEST(StagedDeletes, AreRefusedWhereTheColumnWasGivenAnotherType)
{
    Shape shape = shape::orders();
    shape.staged_deletes = true;
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::staging)->columns.back().type = "text";
    Tables const tables = planned(shape, actual);
    ASSERT_EQ(tables.waiting.size(), 1u);
    EXPECT_EQ(tables.waiting.front().cost, Class::refused);
}

} // namespace datasurface::change
