// What the views of a sink lack: from nothing there to all there, and what reconcile refuses to touch.

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "reconcile/plan_views.hpp"
#include "shapes.hpp"

namespace datasurface::reconcile {

namespace {

using shape::RelationKind;
using shape::Shape;
using Lines = std::vector<std::string>;

const shape::ViewNames names = shape::view_names("desk", "o");

Lines lines(const std::vector<Step> &steps)
{
    Lines all;
    for (const Step &step : steps)
        all.push_back((step.role == change::Role::store_owner ? "store: " : "workspace: ") +
                      std::string(word(step.action)) +
                      (step.kind ? " [" + std::string(word(*step.kind)) + " " + step.name.name + "]" : "") +
                      (step.statement.empty() ? "" : " " + step.statement.substr(0, step.statement.find(" AS "))));
    return all;
}

Lines planned(const Shape &shape, const ActualViews &actual, int dataset = 1)
{
    return lines(plan_views(wanted_views(names, shape), "desk", actual, dataset));
}

// The database as a first reconcile leaves it.
ActualViews made(const Shape &shape, int dataset = 1)
{
    ActualViews actual;
    for (const WantedView &view : wanted_views(names, shape)) {
        actual.relations[view.name.name] = {.kind = 'v', .comment = view.comment};
        actual.ours[{view.kind, view.name.name}] = {.name = view.name,
                                                    .definition = view.definition,
                                                    .dataset = dataset};
    }
    return actual;
}

std::string refusal(const Shape &shape, const ActualViews &actual)
{
    try {
        (void)planned(shape, actual);
    } catch (const Error &error) {
        return error.sqlstate + " " + error.message;
    }
    return "nothing";
}

const Lines create_both = {
    R"(store: create [view o] CREATE OR REPLACE VIEW "desk"."o")",
    R"(store: comment COMMENT ON VIEW "desk"."o" IS 'current rows of dataset "orders" of store "sales"')",
    R"(store: create [full_view o_full] CREATE OR REPLACE VIEW "desk"."o_full")",
    R"(store: comment COMMENT ON VIEW "desk"."o_full" IS 'all versions of the rows of dataset "orders" of store "sales"')",
};

} // namespace

TEST(PlanViews, MakesWhatIsMissing)
{
    EXPECT_EQ(planned(shape::milestoned_orders(), {}), create_both);
    EXPECT_EQ(planned(shape::orders(), {}), Lines(create_both.begin(), create_both.begin() + 2));
}

TEST(PlanViews, FindsNothingToDoWhereAllIsThere)
{
    EXPECT_EQ(planned(shape::milestoned_orders(), made(shape::milestoned_orders())), Lines{});
}

TEST(PlanViews, ReplacesAViewThatLacksAColumn)
{
    Shape wider = shape::milestoned_orders();
    ActualViews const actual = made(wider);
    wider.columns.push_back(shape::column("added", shape::type("date")));
    std::vector<Step> const steps = plan_views(wanted_views(names, wider), "desk", actual, 1);
    EXPECT_EQ(lines(steps), (Lines{R"(store: replace [view o] CREATE OR REPLACE VIEW "desk"."o")",
                                   R"(store: replace [full_view o_full] CREATE OR REPLACE VIEW "desk"."o_full")"}));
    EXPECT_TRUE(changes_views(steps));
}

TEST(PlanViews, AnotherCommentChangesNoView)
{
    ActualViews actual = made(shape::orders());
    actual.relations.at("o").comment = "theirs";
    std::vector<Step> const steps = plan_views(wanted_views(names, shape::orders()), "desk", actual, 1);
    EXPECT_EQ(lines(steps), Lines{create_both[1]});
    EXPECT_FALSE(changes_views(steps));
}

TEST(PlanViews, WhatShowsAnotherDatasetIsDroppedByTheOwnerOfTheSchemaAndMadeAnew)
{
    Lines wanted = {R"(workspace: drop [full_view o_full] DROP VIEW "desk"."o_full")",
                    R"(workspace: drop [view o] DROP VIEW "desk"."o")"};
    wanted.insert(wanted.end(), create_both.begin(), create_both.begin() + 2);
    EXPECT_EQ(planned(shape::orders(), made(shape::milestoned_orders(), 2)), wanted);
}

TEST(PlanViews, WhatIsGoneAndShowedAnotherDatasetIsForgotten)
{
    ActualViews actual = made(shape::orders(), 2);
    actual.relations.clear();
    Lines wanted = {"workspace: drop [view o]"};
    wanted.insert(wanted.end(), create_both.begin(), create_both.begin() + 2);
    EXPECT_EQ(planned(shape::orders(), actual), wanted);
}

TEST(PlanViews, RefusesWhatItDidNotMake)
{
    ActualViews actual = made(shape::orders());
    actual.ours.clear();
    EXPECT_EQ(refusal(shape::orders(), actual),
              R"(42P07 "desk"."o" exists already and was not made by ds_reconcile_schema)");
}

TEST(PlanViews, WhatTheBorrowerLacksIsLentForItsStepsOnly)
{
    std::vector<Step> const steps =
        plan_views(wanted_views(names, shape::orders()), "desk", made(shape::orders(), 2), 1);
    EXPECT_EQ(lines(with_loan(steps, {"desk", "shop", {"CREATE", "USAGE"}})),
              (Lines{R"(workspace: drop [view o] DROP VIEW "desk"."o")",
                     R"(workspace: grant GRANT CREATE, USAGE ON SCHEMA "desk" TO "shop")", create_both[0],
                     create_both[1], R"(workspace: revoke REVOKE CREATE, USAGE ON SCHEMA "desk" FROM "shop")"}));
    EXPECT_EQ(lines(with_loan(steps, {"desk", "shop", {}})), lines(steps)) << "it lacks nothing";
    EXPECT_EQ(lines(with_loan({}, {"desk", "shop", {"USAGE"}})), Lines{}) << "nothing is done";
}

TEST(PlanViews, NeedTablesAsTheModelWantsThem)
{
    EXPECT_NO_THROW(require_tables(shape::orders(), true));
    EXPECT_THROW(require_tables(shape::orders(), false), Error);
}

} // namespace datasurface::reconcile
