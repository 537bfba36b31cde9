// The statements that a batch and a view are made of, against golden files.

#include <gtest/gtest.h>

#include "golden.hpp"
#include "ingest/plan_staging.hpp"
#include "made_views.hpp"
#include "merge/plan_sql.hpp"
#include "shapes.hpp"

namespace datasurface {

namespace {

using shape::Shape;
using sqltext::Statement;
using Values = std::vector<sqltext::Value>;

// A whole snapshot of 1000 rows.
merge::Plan plan_of(const Shape &shape)
{
    return merge::plan_merge(merge::Mode::whole_snapshot, shape, 42, {1000, std::int64_t{1} << 40});
}

std::string apply(const Shape &shape, bool has_duplicates = false)
{
    return plain(merge::plan_apply(plan_of(shape), has_duplicates).text);
}

// Of the view of all versions, if there is one.
std::string view_sql(const Shape &shape, const std::string &schema, const std::string &sink, bool full = true)
{
    std::vector<change::WantedView> const views =
        reconcile::wanted_views(shape::view_names(schema, sink), shape, reconcile::view_columns(shape), "", 1);
    return change::definition(full ? views.back() : views.front());
}

} // namespace

TEST(PlanApply, OfALiveDataset)
{
    EXPECT_EQ(apply(shape::orders()), golden("apply_live"));
}

TEST(PlanApply, OfAMilestonedDataset)
{
    EXPECT_EQ(apply(shape::milestoned_orders()), golden("apply_milestoned"));
}

TEST(PlanApply, TakesTheLastOfSeveralRows)
{
    EXPECT_EQ(apply(shape::orders(), true), golden("apply_duplicates"));
}

TEST(PlanApply, OfAWindowLeavesRowsWhoseKeyIsNotStaged)
{
    Shape shape = shape::orders();
    std::string const window =
        plain(merge::plan_apply(merge::plan_merge(merge::Mode::window, shape, 42, {}), false).text);
    std::string whole = apply(shape);
    whole.replace(whole.find("FULL JOIN"), 4, "LEFT");
    EXPECT_EQ(window, whole);
}

TEST(PlanApply, OfAWindowWithDeletes)
{
    Shape shape = shape::milestoned_orders();
    shape.staged_deletes = true;
    merge::Plan const plan = merge::plan_merge(merge::Mode::window, shape, 42, {});
    EXPECT_EQ(plain(merge::plan_apply(plan, true).text), golden("apply_window"));
    EXPECT_EQ(apply(shape), golden("apply_milestoned")) << "a whole snapshot has none";
}

TEST(PlanApply, OfHostileNamesWithACompositeKeyThatNeedsACast)
{
    EXPECT_EQ(apply(shape::hostile(), true), golden("apply_hostile"));
}

TEST(PlanApply, ItsNameAndArguments)
{
    Statement const statement = merge::plan_apply(plan_of(shape::orders()), false);
    EXPECT_EQ(statement.name, "apply");
    EXPECT_EQ(statement.arguments, (Values{std::int32_t{42}, std::int64_t{1} << 40}));
}

TEST(PlanCheck, OfASimpleKey)
{
    Statement const statement = merge::plan_check(plan_of(shape::orders()));
    EXPECT_EQ(plain(statement.text), golden("check"));
    EXPECT_EQ(statement.name, "check");
    EXPECT_EQ(statement.arguments, (Values{std::int64_t{1} << 40}));
}

TEST(PlanCheck, OfHostileNamesAndACompositeKey)
{
    EXPECT_EQ(plain(merge::plan_check(plan_of(shape::hostile())).text), golden("check_hostile"));
}

TEST(PlanFill, TakesColumnsByNameAndSurvivesAComment)
{
    Statement const statement = ingest::plan_fill(shape::orders(), "SELECT * FROM source -- all");
    EXPECT_EQ(statement.text, R"(INSERT INTO "sales"."orders_staging" ("id", "customer", "note") )"
                              R"(SELECT ds_surf_query."id", ds_surf_query."customer", ds_surf_query."note" FROM ()"
                              "\nSELECT * FROM source -- all\n) AS ds_surf_query");
    EXPECT_EQ(statement.name, "fill");
    EXPECT_EQ(statement.arguments, Values{});
    EXPECT_EQ(ingest::plan_fill(shape::hostile(), "TABLE t").text,
              R"(INSERT INTO "the ""schema"""."a""; DROP TABLE x; --_staging" ("select", "b""c", "$1") )"
              R"(SELECT ds_surf_query."select", ds_surf_query."b""c", ds_surf_query."$1" FROM ()"
              "\nTABLE t\n) AS ds_surf_query");
    Statement const select = ingest::plan_select(shape::orders(), "TABLE t -- all");
    EXPECT_EQ(select.text, R"(SELECT ds_surf_query."id", ds_surf_query."customer", ds_surf_query."note" FROM ()"
                           "\nTABLE t -- all\n) AS ds_surf_query");
    EXPECT_EQ(select.name, "select");
    EXPECT_EQ(select.arguments, Values{});
}

TEST(PlanStaging, LocksCountsAndEmpties)
{
    EXPECT_EQ(ingest::plan_keep_writers_out(shape::orders()).text,
              R"(LOCK TABLE "sales"."orders_staging" IN SHARE MODE)");
    EXPECT_EQ(ingest::plan_count(shape::orders().names.staging).text,
              R"(SELECT count(*), coalesce(max("ds_surf_arrival"), 0) FROM "sales"."orders_staging")");
    Statement const emptied = ingest::plan_delete(shape::orders().names.staging, std::int64_t{1} << 40);
    EXPECT_EQ(emptied.text, R"(DELETE FROM "sales"."orders_staging" WHERE "ds_surf_arrival" <= $1)");
    EXPECT_EQ(emptied.arguments, (Values{std::int64_t{1} << 40}));
    EXPECT_EQ(ingest::plan_truncate(shape::orders().names.staging).text, R"(TRUNCATE "sales"."orders_staging")");
}

TEST(Views, ShowThePayloadOfTheMergeTable)
{
    EXPECT_EQ(
        view_sql(shape::orders(), "analytics", "orders"),
        R"(CREATE OR REPLACE VIEW "analytics"."orders" AS SELECT "id", "customer", "note" FROM "sales"."orders")");
}

TEST(Views, TheFullOneHasTheBatchesAndTheHistory)
{
    EXPECT_EQ(view_sql(shape::milestoned_orders(), "analytics", "orders"),
              R"(CREATE OR REPLACE VIEW "analytics"."orders_full" AS SELECT "ds_surf_batch_in", "ds_surf_batch_out", )"
              R"("id", "customer", "note" FROM "sales"."orders" UNION ALL SELECT "ds_surf_batch_in", )"
              R"("ds_surf_batch_out", "id", "customer", "note" FROM "sales"."orders_history")");
}

TEST(Views, QuoteEveryName)
{
    EXPECT_EQ(view_sql(shape::hostile(), "w\"", "v", false),
              R"(CREATE OR REPLACE VIEW "w"""."v" AS SELECT "select", "b""c", "$1" FROM )"
              R"("the ""schema"""."a""; DROP TABLE x; --")");
}

} // namespace datasurface
