// What is asked of a source, without one: the options of a connection, the begin of a snapshot, the copy.
#include <gtest/gtest.h>

#include <algorithm>

#include "remote/plan_copy.hpp"
#include "remote/plan_message.hpp"
#include "remote/plan_options.hpp"
#include "remote/plan_session.hpp"

namespace datasurface::remote {
namespace {

model::Source crm()
{
    model::Source source;
    source.name = "crm_db";
    source.host = "db1";
    source.database = "crm";
    return source;
}

bool holds(const std::vector<Option> &options, const Option &option)
{
    return std::find(options.begin(), options.end(), option) != options.end();
}

bool names(const std::vector<Option> &options, const std::string &keyword)
{
    return std::any_of(options.begin(), options.end(), [&](const Option &one) { return one.keyword == keyword; });
}

TEST(RemoteOptions, NameThePlace)
{
    std::vector<Option> const options = options_of(crm(), "UTF8", 150000);
    EXPECT_TRUE(holds(options, {"host", "db1"}));
    EXPECT_TRUE(holds(options, {"port", "5432"}));
    EXPECT_TRUE(holds(options, {"dbname", "crm"}));
    EXPECT_TRUE(holds(options, {"client_encoding", "UTF8"}));
    EXPECT_FALSE(names(options, "hostaddr"));
    model::Source addressed = crm();
    addressed.hostaddr = "10.0.0.1";
    EXPECT_TRUE(holds(options_of(addressed, "UTF8", 150000), {"hostaddr", "10.0.0.1"}));
}

TEST(RemoteOptions, TakeNothingOfTheServersOwnAccount)
{
    std::vector<Option> const options = options_of(crm(), "UTF8", 150000);
    for (const char *const file : {"passfile", "sslcert", "sslkey"})
        EXPECT_TRUE(holds(options, {file, "/dev/null/none"})) << file;
    EXPECT_TRUE(holds(options, {"gssencmode", "disable"}));
}

TEST(RemoteOptions, FollowTheModel)
{
    model::Source source = crm();
    source.options = {{"sslmode", "verify-full"}, {"keepalives_idle", "7"}, {"load_balance_hosts", "random"}};
    std::vector<Option> const options = options_of(source, "UTF8", 150000);
    EXPECT_TRUE(holds(options, {"sslmode", "verify-full"}));
    EXPECT_TRUE(holds(options, {"keepalives_idle", "7"}));
    EXPECT_FALSE(holds(options, {"keepalives_idle", "30"}));
    EXPECT_FALSE(names(options, "load_balance_hosts")) << "libpq knows it from 16 on";
    EXPECT_TRUE(names(options_of(source, "UTF8", 160000), "load_balance_hosts"));
}

TEST(RemoteOptions, GiveUpInTime)
{
    model::Source source = crm();
    EXPECT_EQ(connect_timeout(source), 30);
    source.options["connect_timeout"] = "5";
    EXPECT_EQ(connect_timeout(source), 5);
    source.options["connect_timeout"] = "0";
    EXPECT_EQ(connect_timeout(source), 30);
}

TEST(RemoteSession, IsSetUpInOneText)
{
    std::string const text = begin_statements({"o'store", "30min"}, 150000);
    for (const char *const part : {"SET application_name = 'datasurface: o''store';", "SET row_security = off;",
                                   "SET statement_timeout = '30min';", "SET idle_in_transaction_session_timeout = '0';",
                                   "SET client_connection_check_interval = ", "SET idle_session_timeout = ",
                                   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;SELECT "})
        EXPECT_NE(text.find(part), std::string::npos) << part;
    EXPECT_LT(text.find("SET row_security"), text.find("BEGIN"));
    EXPECT_LT(text.find("RESET ALL;"), text.find("SET application_name"));
    EXPECT_NE(begin_statements({"s", ""}, 150000).find("SET statement_timeout = '0';"), std::string::npos);
}

TEST(RemoteSession, OlderSourcesLackSettings)
{
    std::string const text = begin_statements({"s", ""}, 130000);
    EXPECT_EQ(text.find("client_connection_check_interval"), std::string::npos);
    EXPECT_EQ(text.find("idle_session_timeout"), std::string::npos);
}

TEST(RemoteSession, AnIdentityHasAForm)
{
    EXPECT_TRUE(is_sound({"7123456789012345678", 1, "0/0", false}));
    EXPECT_FALSE(is_sound({"", 1, "0/0", false}));
    EXPECT_FALSE(is_sound({"7 OR 1", 1, "0/0", false}));
    EXPECT_FALSE(is_sound({"7", 0, "0/0", false}));
    EXPECT_FALSE(is_sound({"7", 1, "0/0 and more", false}));
    EXPECT_FALSE(is_sound({"7", 1, "none", false}));
}

TEST(RemoteSession, GoesBackwardsOrNot)
{
    Identity const before{"7", 2, "1/FFFFFFFF", false};
    auto const why = [&](const Identity &now) {
        std::optional<Backwards> const found = backwards(before, now);
        return found ? found->rule + ": " + in_words(*found, "batch 21") : "";
    };
    EXPECT_EQ(why(before), "");
    EXPECT_EQ(why({"7", 2, "2/0", false}), "");
    EXPECT_EQ(why({"7", 3, "2/0", true}), "");
    EXPECT_EQ(why({"8", 2, "2/0", false}),
              "another server: is another server than at batch 21 (system identifier 8, was 7)");
    EXPECT_EQ(why({"7", 1, "2/0", false}), "lower timeline: has a lower timeline than at batch 21 (1, was 2)");
    EXPECT_EQ(why({"7", 2, "1/FFFFFFFE", false}), "earlier position: is at an earlier position in the WAL than at "
                                                  "batch 21 (1/FFFFFFFE, was 1/FFFFFFFF)");
    EXPECT_EQ(position_of("16/B374D848"), 0x16B374D848U);
    EXPECT_EQ(position_of("what"), 0U);
}

TEST(RemoteMessage, IsOneLineOfCauses)
{
    Said const refused =
        said_of("connection to server at \"localhost\" (::1), port 5432 failed: Connection refused\n"
                "\tIs the server running on that host and accepting TCP/IP connections?\n"
                "connection to server at \"localhost\" (127.0.0.1), port 5432 failed: Connection refused\n"
                "\tIs the server running on that host and accepting TCP/IP connections?\n",
                "");
    EXPECT_EQ(refused.causes, "Connection refused");
    EXPECT_EQ(refused.more, "Is the server running on that host and accepting TCP/IP connections?");
    Said const differ = said_of("connection to server at \"db1\" (10.0.0.1), port 5432 failed: Connection timed out\n"
                                "connection to server at \"db1\" (10.0.0.2), port 5432 failed: FATAL:  no entry\n"
                                "DETAIL:  Of pg_hba.conf.\n",
                                "");
    EXPECT_EQ(differ.causes, "Connection timed out; no entry");
    EXPECT_EQ(differ.more, "Of pg_hba.conf.");
    Said const lost = said_of("server closed the connection unexpectedly\n\tThis probably means the server terminated "
                              "abnormally\n\tbefore or while processing the request.\n",
                              "");
    EXPECT_EQ(lost.causes, "server closed the connection unexpectedly");
    EXPECT_EQ(lost.more,
              "This probably means the server terminated abnormally before or while processing the request.");
    EXPECT_EQ(said_of("", "").causes, "no reason is known");
}

TEST(RemoteMessage, HoldsNoPassword)
{
    Said const said = said_of("odd sesame\n\tsesame sesame", "sesame");
    EXPECT_EQ(said.causes, "odd ***");
    EXPECT_EQ(said.more, "*** ***");
}

constexpr unsigned int int4 = 23, int8 = 20, text = 25, varchar = 1043, bpchar = 1042, numeric = 1700, json = 114,
                       xml = 142, record = 2249, regclass = 2205, regtype = 2206, other = 16400, unknown = 0;

TEST(RemoteCopy, EqualBuiltInTypesComeAsTheyAre)
{
    CopyPlan const plan = plan_copy("SELECT 1", {{"id", {int4, -1}, {int4, -1}},
                                                 {"name", {text, -1}, {text, -1}},
                                                 {"total", {numeric, 655366}, {numeric, 655366}}});
    EXPECT_EQ(plan.statement,
              "COPY (SELECT q.\"id\", q.\"name\", q.\"total\" FROM (\nSELECT 1\n) AS q) TO STDOUT (FORMAT binary)");
    EXPECT_EQ(plan.arrivals, (std::vector<Arrival>{{Form::binary, {int4, -1}},
                                                   {Form::characters, {text, -1}},
                                                   {Form::binary, {numeric, 655366}}}));
}

TEST(RemoteCopy, OtherTypesAreAssignedHere)
{
    CopyPlan const plan = plan_copy("SELECT 1 -- x", {{"id", {int4, -1}, {int8, -1}},
                                                      {"total", {numeric, 655366}, {numeric, 655364}},
                                                      {"all", {numeric, -1}, {numeric, 655366}},
                                                      {"short", {varchar, 9}, {varchar, 9}},
                                                      {"long", {text, -1}, {varchar, 9}},
                                                      {"padded", {text, -1}, {bpchar, 9}},
                                                      {"made", {other, -1}, {text, -1}}});
    EXPECT_EQ(plan.statement, "COPY (SELECT q.\"id\", q.\"total\", q.\"all\", q.\"short\", q.\"long\", q.\"padded\","
                              " q.\"made\" FROM (\nSELECT 1 -- x\n) AS q) TO STDOUT (FORMAT binary)");
    EXPECT_EQ(plan.arrivals, (std::vector<Arrival>{{Form::binary, {int8, -1}},
                                                   {Form::binary, {numeric, -1}},
                                                   {Form::binary, {numeric, -1}},
                                                   {Form::characters, {varchar, -1}},
                                                   {Form::characters, {varchar, -1}},
                                                   {Form::characters, {bpchar, -1}},
                                                   {Form::characters, {text, -1}}}));
}

TEST(RemoteCopy, TextOfTypesWithoutAStableForm)
{
    CopyPlan const plan = plan_copy("SELECT 1", {{"same", {json, -1}, {json, -1}},
                                                 {"mood\"", {other, -1}, {unknown, -1}},
                                                 {"mine", {other, -1}, {json, -1}},
                                                 {"row", {varchar, 9}, {record, -1}, {varchar, true}},
                                                 {"page", {varchar, 9}, {xml, -1}, {varchar, true}}});
    EXPECT_EQ(
        plan.statement,
        "COPY (SELECT q.\"same\"::pg_catalog.text, q.\"mood\"\"\"::pg_catalog.text, q.\"mine\"::pg_catalog.text,"
        " q.\"row\"::pg_catalog.text, q.\"page\"::pg_catalog.text FROM (\nSELECT 1\n) AS q) TO STDOUT (FORMAT binary)");
    EXPECT_EQ(plan.arrivals, (std::vector<Arrival>{{Form::text, {json, -1}},
                                                   {Form::text, {other, -1}},
                                                   {Form::text, {json, -1}},
                                                   {Form::text, {varchar, 9}},
                                                   {Form::text, {xml, -1}}}));
}

TEST(RemoteCopy, NamesOfObjectsAreReadHere)
{
    EXPECT_EQ(plan_copy("SELECT 1", {{"same", {regclass, -1}, {regclass, -1}, {regclass}},
                                     {"other", {regtype, -1}, {regclass, -1}, {regtype}},
                                     {"shown", {text, -1}, {regclass, -1}, {text, true}},
                                     {"number", {int8, -1}, {regclass, -1}, {int8}},
                                     {"domain", {other, -1}, {regclass, -1}, {int4}}})
                  .arrivals,
              (std::vector<Arrival>{{Form::text, {regclass, -1}},
                                    {Form::text, {regclass, -1}},
                                    {Form::text, {text, -1}},
                                    {Form::binary, {regclass, -1}},
                                    {Form::binary, {regclass, -1}}}));
}

} // namespace
} // namespace datasurface::remote
