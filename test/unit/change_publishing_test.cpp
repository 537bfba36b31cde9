// What views and the as-of function show before a first load is published, and after.

#include <utility>

#include <gtest/gtest.h>

#include "made_tables.hpp"
#include "reconcile/plan_views.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using shape::Shape;

constexpr Publishing as_the_rows_say;
constexpr Publishing not_yet{true, 0};
constexpr Publishing from_7{false, 7};

// Of orders (id, customer, note).
std::vector<WantedView> wanted(const Publishing &publishing, const std::string &where = "")
{
    Shape const shape = shape::milestoned_orders();
    return reconcile::wanted_views(shape::view_names("desk", "o"), shape, {{"id", "id", 1}}, where, 1, {}, publishing);
}

std::string query_of(const WantedView &view)
{
    std::string const text = definition(view);
    return text.substr(text.find(" AS ") + 4);
}

reconcile::ActualViews made(const std::vector<WantedView> &views)
{
    reconcile::ActualViews actual;
    for (const WantedView &view : views) {
        ActualView &there = actual.ours[view.kind];
        there.object = {view.name, definition(view), view.owner, "", view.dataset, true, {}};
        there.object.there.comment = view.comment;
        there.columns = view.columns;
        there.where = view.where;
    }
    return actual;
}

Tables planned(const Publishing &before, const Publishing &after, const Allowed &allowed = {})
{
    Shape const shape = shape::milestoned_orders();
    Actual actual = reconcile::made(shape);
    actual.publishing = before;
    for (const Step &step : reconcile::plan_tables(shape, actual, allowed).steps)
        if (step.kind == RelationKind::as_of)
            actual.ours.at(RelationKind::as_of).definition = step.statement;
    actual.publishing = after;
    return reconcile::plan_tables(shape, actual, allowed);
}

// The body of the function.
std::string body_of(const Tables &tables)
{
    if (tables.steps.empty())
        return "as before";
    const std::string &text = tables.steps.front().statement;
    std::size_t const from = text.find("ATOMIC ") + 7;
    return text.substr(from, text.find("; END") - from);
}

} // namespace

TEST(Publishing, AViewShowsNothingBeforeIt)
{
    EXPECT_EQ(query_of(wanted(not_yet)[0]), R"(SELECT "id" FROM "sales"."orders" LIMIT 0)");
    EXPECT_EQ(query_of(wanted(not_yet)[1]),
              R"((SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id" FROM "sales"."orders" LIMIT 0) UNION ALL)"
              R"( (SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id" FROM "sales"."orders_history" LIMIT 0))");
}

TEST(Publishing, AViewThatShowsNothingHasItsConditionAndNoOther)
{
    WantedView const view = wanted(not_yet, "id > 0")[0];
    EXPECT_EQ(query_of(view), "SELECT \"id\" FROM \"sales\".\"orders\" WHERE (id > 0\n) LIMIT 0");
    EXPECT_TRUE(make_view(Action::replace, view).with_condition) << "it is looked at before rows are shown";
}

TEST(Publishing, AFullViewShowsItAsTheBeginOfTheLoadedRows)
{
    EXPECT_EQ(query_of(wanted(from_7)[0]), R"(SELECT "id" FROM "sales"."orders")");
    std::string const columns =
        R"(SELECT greatest("ds_surf_batch_in", 7) AS "ds_surf_batch_in", "ds_surf_batch_out", "id" FROM )";
    EXPECT_EQ(query_of(wanted(from_7)[1]),
              columns + R"("sales"."orders" UNION ALL )" + columns + R"("sales"."orders_history")");
}

TEST(Publishing, ViewsAreReplacedWhichIsSafe)
{
    for (const auto &[before, after] :
         {std::pair(as_the_rows_say, not_yet), std::pair(not_yet, from_7), std::pair(from_7, not_yet)})
        for (const char *const where : {"", "id > 0"}) {
            Views const views = reconcile::plan_views(wanted(after, where), true, made(wanted(before, where)), {});
            ASSERT_EQ(views.steps.size(), 2u) << where;
            EXPECT_EQ(views.waiting.size(), 0u);
            for (const Step &step : views.steps) {
                EXPECT_EQ(step.action, Action::replace);
                EXPECT_EQ(step.cost, Class::safe);
            }
        }
    EXPECT_EQ(reconcile::plan_views(wanted(not_yet), true, made(wanted(not_yet)), {}).steps.size(), 0u);
}

TEST(Publishing, AViewWhoseConditionWaitsIsSwitchedWithTheOneItHas)
{
    reconcile::ActualViews actual = made(wanted(not_yet, "id > 0"));
    for (auto &[kind, view] : actual.ours)
        view.shows_wanted_rows = false;
    Views const views = reconcile::plan_views(wanted(from_7, "id > 1"), true, actual, {});
    ASSERT_EQ(views.steps.size(), 2u);
    EXPECT_EQ(views.waiting.size(), 2u);
    for (const Step &step : views.steps) {
        EXPECT_NE(step.statement.find("id > 0"), std::string::npos);
        EXPECT_EQ(step.statement.find("LIMIT"), std::string::npos);
    }
}

TEST(Publishing, AsOfShowsNothingBeforeIt)
{
    Tables const tables = planned(as_the_rows_say, not_yet);
    ASSERT_EQ(tables.steps.size(), 1u);
    EXPECT_EQ(tables.steps[0].action, Action::replace);
    EXPECT_EQ(tables.steps[0].cost, Class::safe);
    EXPECT_EQ(
        body_of(tables),
        R"(SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note" FROM "sales"."orders" WHERE false)"
        R"( UNION ALL SELECT "ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note" FROM "sales"."orders_history")"
        R"( WHERE false)");
    EXPECT_EQ(body_of(planned(not_yet, not_yet)), "as before");
}

TEST(Publishing, AsOfAnEarlierBatchShowsNothing)
{
    Tables const tables = planned(not_yet, from_7);
    ASSERT_EQ(tables.steps.size(), 1u);
    EXPECT_EQ(tables.steps[0].cost, Class::safe);
    std::string const columns =
        R"(SELECT greatest("ds_surf_batch_in", 7) AS "ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note" FROM )";
    EXPECT_EQ(body_of(tables), columns + R"("sales"."orders" WHERE "ds_surf_batch_in" <= $1 AND $1 >= 7 UNION ALL )" +
                                   columns +
                                   R"("sales"."orders_history" WHERE "ds_surf_batch_in" <= $1 AND $1 >= 7)"
                                   R"( AND "ds_surf_batch_out" >= $1)");
    EXPECT_EQ(planned(from_7, not_yet).steps.size(), 1u);
}

TEST(Publishing, ADatasetThatBecomesMilestonedBeforeItHasItsWholeHistory)
{
    Actual actual = reconcile::made(shape::orders());
    actual.last_batch = 5;
    actual.publishing = not_yet;
    EXPECT_EQ(reconcile::plan_tables(shape::milestoned_orders(), actual, {}).now.history_from, 0);
}

} // namespace datasurface::change
