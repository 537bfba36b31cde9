// What the views of a sink lack: from nothing there to all there, and what reconcile refuses to touch.

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "made_views.hpp"

namespace datasurface::reconcile {

namespace {

const Lines create_both = {
    R"(store: create [view o] CREATE OR REPLACE VIEW "desk"."o")",
    R"(store: comment COMMENT ON VIEW "desk"."o" IS 'current rows of dataset "orders" of store "sales"')",
    R"(store: create [full_view o_full] CREATE OR REPLACE VIEW "desk"."o_full")",
    R"(store: comment COMMENT ON VIEW "desk"."o_full" IS 'all versions of the rows of dataset "orders" of store "sales"')",
};
const Lines create_one(create_both.begin(), create_both.begin() + 2);

std::string refusal(const Shape &shape, const ActualViews &actual)
{
    try {
        (void)planned(shape, actual);
    } catch (const Error &error) {
        return error.sqlstate + " " + error.message;
    }
    return "nothing";
}

} // namespace

TEST(PlanViews, MakesWhatIsMissing)
{
    EXPECT_EQ(lines(planned(shape::milestoned_orders(), {}).steps), create_both);
    EXPECT_EQ(lines(planned(shape::orders(), {}).steps), create_one);
}

TEST(PlanViews, FindsNothingToDoWhereAllIsThere)
{
    EXPECT_EQ(lines(planned(shape::milestoned_orders(), made(shape::milestoned_orders())).steps), Lines{});
}

TEST(PlanViews, ReplacesAViewThatLacksAColumn)
{
    Shape wider = shape::milestoned_orders();
    ActualViews const actual = made(wider);
    wider.columns.push_back(shape::column("added", shape::type("date")));
    wider.columns.back().id = 4;
    change::Views const views = planned(wider, actual, change::Allowed{});
    EXPECT_EQ(lines(views.steps),
              (Lines{R"(store: replace [view o] CREATE OR REPLACE VIEW "desk"."o")",
                     R"(store: replace [full_view o_full] CREATE OR REPLACE VIEW "desk"."o_full")"}));
    EXPECT_EQ(views.waiting.size(), 0U);
}

TEST(PlanViews, AnotherCommentChangesNoView)
{
    ActualViews actual = made(shape::orders());
    actual.ours.at(RelationKind::view).object.there.comment = "theirs";
    std::vector<Step> const steps = planned(shape::orders(), actual).steps;
    EXPECT_EQ(lines(steps), Lines{create_both[1]});
    EXPECT_EQ(steps.front().lock, change::Lock::share_update_exclusive);
}

TEST(PlanViews, WhatShowsAnotherDatasetIsDroppedByTheOwnerOfTheSchemaAndMadeAnew)
{
    Lines wanted = {R"(workspace: drop [full_view o_full] DROP VIEW "desk"."o_full")",
                    R"(workspace: drop [view o] DROP VIEW "desk"."o")"};
    wanted.insert(wanted.end(), create_one.begin(), create_one.end());
    ActualViews const actual = made(shape::milestoned_orders(), 2);
    EXPECT_EQ(lines(planned(shape::orders(), actual).steps), wanted);

    change::Views const waiting = planned(shape::orders(), actual, change::Allowed{});
    EXPECT_EQ(lines(waiting.steps), Lines{}) << "it shows what it showed";
    EXPECT_EQ(lines(waiting.waiting), Lines(wanted.begin(), wanted.begin() + 2));
    EXPECT_EQ(waiting.waiting.front().cost, change::Class::lossy);
}

TEST(PlanViews, WhatIsGoneAndShowedAnotherDatasetIsForgotten)
{
    ActualViews actual = made(shape::orders(), 2);
    actual.relations.clear();
    actual.ours.at(RelationKind::view).object.exists = false;
    Lines wanted = {"workspace: drop [view o]"};
    wanted.insert(wanted.end(), create_one.begin(), create_one.end());
    EXPECT_EQ(lines(planned(shape::orders(), actual, change::Allowed{}).steps), wanted);
}

TEST(PlanViews, TheViewOfAllVersionsGoesWhenTheDatasetIsLive)
{
    ActualViews const actual = made(shape::milestoned_orders());
    EXPECT_EQ(lines(planned(shape::orders(), actual).steps),
              Lines{R"(store: drop [full_view o_full] DROP VIEW "desk"."o_full")"});

    Shape wider = shape::milestoned_orders(); // the tables still have a history
    wider.columns.push_back(shape::column("added", shape::type("date")));
    wider.columns.back().id = 4;
    change::Views const views = plan_views(wanted(wider), false, actual, change::Allowed{});
    EXPECT_EQ(lines(views.waiting), Lines{R"(store: drop [full_view o_full] DROP VIEW "desk"."o_full")"});
    EXPECT_EQ(lines(views.steps),
              (Lines{R"(store: replace [view o] CREATE OR REPLACE VIEW "desk"."o")",
                     R"(store: replace [full_view o_full] CREATE OR REPLACE VIEW "desk"."o_full")"}))
        << "while it waits, it follows the tables";
}

TEST(PlanViews, RefusesWhatItDidNotMake)
{
    ActualViews actual = made(shape::orders());
    actual.ours.clear();
    EXPECT_EQ(refusal(shape::orders(), actual),
              R"(42P07 "desk"."o" exists already and was not made by ds_reconcile_schema)");
}

TEST(PlanViews, RefusesAViewThatSomebodyChanged)
{
    ActualViews actual = made(shape::orders());
    actual.ours.at(RelationKind::view).object.changes = "its query was changed";
    EXPECT_EQ(refusal(shape::orders(), actual),
              R"(SF004 "desk"."o" is not as ds_reconcile_schema made it: its query was changed)");
    EXPECT_EQ(refusal(shape::orders(), made(shape::orders())), "nothing");
}

TEST(PlanViews, WhatTheBorrowerLacksIsLentForItsStepsOnly)
{
    std::vector<Step> const steps = planned(shape::orders(), made(shape::orders(), 2)).steps;
    EXPECT_EQ(lines(with_loans(steps, {{"desk", "shop", {"CREATE", "USAGE"}}})),
              (Lines{R"(workspace: drop [view o] DROP VIEW "desk"."o")",
                     R"(workspace: grant GRANT CREATE, USAGE ON SCHEMA "desk" TO "shop")", create_both[0],
                     create_both[1], R"(workspace: revoke REVOKE CREATE, USAGE ON SCHEMA "desk" FROM "shop")"}));
    EXPECT_EQ(lines(with_loans(steps, {{"desk", "shop", {}}})), lines(steps)) << "it lacks nothing";
    EXPECT_EQ(lines(with_loans({}, {{"desk", "shop", {"USAGE"}}})), Lines{}) << "nothing is done";
}

TEST(PlanViews, NeedTablesAsTheModelWantsThem)
{
    EXPECT_NO_THROW(require_tables(shape::orders(), true));
    EXPECT_THROW(require_tables(shape::orders(), false), Error);
}

} // namespace datasurface::reconcile
