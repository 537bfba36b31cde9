// Sources and credentials, and the table that a dataset is read from.

#include <gtest/gtest.h>

#include "model/table_name.hpp"
#include "model/write_source.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

const std::string in_files =
    R"({"name": "reader", "description": "d", "kind": "files", "directory": "crm", "roles": ["crm_owner"],)"
    R"( "sources": [{"host": "db1", "database": "crm"}]})";
const std::string by_mapping = R"({"name": "map", "description": "d", "kind": "user_mapping", "server": "crm_srv"})";

std::string source_json(const std::string &credential, const std::string &more = "", const std::string &host = "db1")
{
    return R"({"name": "db", "description": "d", "kind": "postgresql", "host": ")" + host +
           R"(", "database": "crm", "credential": ")" + credential + "\"" + more + "}";
}

std::string document(const std::string &credentials, const std::string &sources, const std::string &stores = "")
{
    return R"({"credentials": [)" + credentials + R"(], "sources": [)" + sources + R"(], "stores": [)" + stores + "]}";
}

// The problems of a pull with these members of its ingestion.
Lines of_pull(const std::string &ingestion, const std::string &columns = id_column)
{
    std::string const dataset = R"({"name": "d", "description": "d", "columns": [)" + columns +
                                R"(], "primary_key": ["id"], "ingestion": {)" + ingestion + "}}";
    return all_lines(document_json(store_json("s", dataset)));
}

std::string pulled(const std::string &source)
{
    std::string dataset = dataset_json("d");
    dataset.replace(dataset.find(R"("push")"), 6, R"("sql_snapshot", "query": "SELECT 1")");
    return store_json("s", dataset, R"("source": ")" + source + R"(", )");
}

std::string both_ways(const std::string &name)
{
    std::optional<TableName> const table = table_name(name);
    return table ? table->schema + " | " + table->name + " | " + text_of(*table) : "none";
}

} // namespace

TEST(ModelSource, PartsComeBackAsTheyWere)
{
    std::string const credential =
        R"({"description":"d","directory":"a/b","kind":"files","name":"c","roles":["r"],"sources":[)"
        R"({"database":"crm","host":"db1","hostaddr":"192.0.2.1","port":5433},{"database":"x","host":"/run","port":5432}]})";
    EXPECT_EQ(to_json(credential_from_json(credential)), credential);
    std::string const mapping = R"({"kind":"user_mapping","name":"c","owner":"me","server":"srv"})";
    EXPECT_EQ(to_json(credential_from_json(mapping)), mapping);
    std::string const source =
        R"({"connections":4,"credential":"c","database":"crm","description":"d","host":"db1","kind":"postgresql",)"
        R"("name":"s","options":{"connect_timeout":10,"sslmode":"verify-full","sslrootcert":"/etc/ca.crt"},)"
        R"("owner":"me","port":5433,"statement_timeout":"30min"})";
    EXPECT_EQ(to_json(source_from_json(source)), source);
}

TEST(ModelSource, ADocumentMayHaveThem)
{
    EXPECT_EQ(all_lines(
                  document(in_files + "," + by_mapping, source_json("reader", R"(, "connections": 4)"), pulled("db"))),
              Lines{});
}

TEST(ModelSource, NoSecretIsTakenAnywhere)
{
    for (const char *member : {"password", "PassWord", "secret", "sslpassword", "pasword", "passwrd", "PGPASSWORD",
                               "db_pwd", "client_secret"}) {
        std::string const more = std::string(", \"") + member + "\": \"x\"";
        EXPECT_EQ(all_lines(document(by_mapping, source_json("map", more))),
                  Lines{std::string("error /sources/0/") + member + " secret_in_model"});
        EXPECT_EQ(all_lines(R"({"stores": [])" + more + "}"),
                  Lines{std::string("error /") + member + " secret_in_model"});
        EXPECT_EQ(all_lines(document(by_mapping, source_json("map", R"(, "options": {)" + more.substr(1) + "}"))),
                  Lines{std::string("error /sources/0/options/") + member + " secret_in_model"});
    }
    EXPECT_EQ(all_lines(R"({"stores": [], "login": {"password": "x"}})"),
              (Lines{"error /login unknown_member", "error /login/password secret_in_model"}));
    for (const Problem &problem : all_problems(document(by_mapping, source_json("map", "", "joe:geheim@db1")))) {
        EXPECT_EQ(problem.code, "invalid_host");
        EXPECT_EQ((problem.message + problem.hint).find("geheim"), std::string::npos);
    }
}

TEST(ModelSource, ADatabaseIsNoConnectionString)
{
    for (const char *name : {"dbname=crm password=geheim", "postgresql://reader:geheim@db1/crm", "reader:geheim@db1"}) {
        std::string const place = R"("database": ")" + std::string(name) + "\"";
        std::string source = source_json("map");
        source.replace(source.find(R"("database": "crm")"), 17, place);
        Problems const problems = all_problems(document(by_mapping, source));
        EXPECT_EQ(lines(problems), Lines{"error /sources/0/database invalid_database"}) << name;
        for (const Problem &problem : problems)
            EXPECT_EQ((problem.message + problem.hint).find("geheim"), std::string::npos);
        std::string credential = in_files;
        credential.replace(credential.find(R"("database": "crm")"), 17, place);
        EXPECT_EQ(all_lines(document(credential, source_json("reader"))),
                  Lines{"error /credentials/0/sources/0/database invalid_database"});
    }
    std::string named = source_json("map");
    named.replace(named.find("\"crm\""), 5, "\"Kunden & Co, 'neu'\"");
    EXPECT_EQ(all_lines(document(by_mapping, named)), Lines{});
}

TEST(ModelSource, AHostHasNoPortBehindIt)
{
    for (const char *host : {"db1:5432", "db1,db2:5433", "[2001:db8::1]:5432"}) {
        Problems const problems = all_problems(document(in_files, source_json("reader", "", host)));
        ASSERT_EQ(lines(problems), Lines{"error /sources/0/host invalid_host"}) << host;
        EXPECT_EQ(problems.front().hint, "Write the port in the member \"port\".");
    }
    for (const char *host : {"2001:db8::1", "::1", "/run/a:b", "db1,db2"})
        EXPECT_EQ(all_lines(document(by_mapping, source_json("map", "", host))), Lines{}) << host;
}

TEST(ModelSource, OtherNamesOfMembersAreExplained)
{
    auto const hint_of = [](const std::string &member) {
        for (const Problem &problem :
             all_problems(document(by_mapping, source_json("map", ", \"" + member + "\": \"x\""))))
            return problem.code + ": " + problem.hint;
        return std::string();
    };
    EXPECT_EQ(hint_of("dbname"), "refused_member: It is \"database\" here.");
    EXPECT_EQ(hint_of("user"), "refused_member: The credential of the source says who logs in.");
    EXPECT_EQ(hint_of("username"), "refused_member: The credential of the source says who logs in.");
}

TEST(ModelSource, AMemberInItsPlaceIsNotMissing)
{
    auto const without = [](const std::string &member, const std::string &more) {
        std::string source = source_json("map", more);
        source.erase(source.find(member), member.size());
        return all_lines(document(by_mapping, source));
    };
    std::string const database = R"(, "database": "crm")";
    ASSERT_EQ(without(database, ""), Lines{"error /sources/0 missing_member"});
    EXPECT_EQ(without(database, R"(, "dbname": "crm")"), Lines{"error /sources/0/dbname refused_member"});
    EXPECT_EQ(without(database, R"(, "options": {"dbname": "crm", "sslmode": "disable"})"),
              Lines{"error /sources/0/options/dbname refused_member"});
    EXPECT_EQ(without(database, R"(, "options": {"dbname": 1})"),
              Lines{"error /sources/0/options/dbname refused_member"});
    EXPECT_EQ(without(R"("host": "db1", )", R"(, "options": {"host": "db1"})"),
              Lines{"error /sources/0/options/host refused_member"});
    // the place is not known, so the credential may be for it
    for (const char *option : {R"("port": 5433)", R"("hostaddr": "192.0.2.9")", R"("dbname": "other")"}) {
        std::string const name = std::string(option).substr(1, std::string_view(option).find(':') - 2);
        std::string source = source_json("reader", std::string(R"(, "options": {)") + option + "}");
        if (name == "dbname")
            source.erase(source.find(database), database.size());
        EXPECT_EQ(all_lines(document(in_files, source)), Lines{"error /sources/0/options/" + name + " refused_member"});
    }
    std::string credential = in_files;
    credential.replace(credential.find("\"database\""), 10, "\"dbname\"");
    EXPECT_EQ(all_lines(document(credential, source_json("reader"))),
              Lines{"error /credentials/0/sources/0/dbname refused_member"});
}

TEST(ModelSource, OptionsThatDecideWhoLogsInAreRefused)
{
    for (const char *option : {"user", "passfile", "service", "sslcert", "sslkey", "options", "replication", "hostaddr",
                               "client_encoding", "application_name", "requirepeer"})
        EXPECT_EQ(all_lines(document(by_mapping,
                                     source_json("map", std::string(R"(, "options": {")") + option + R"(": "x"})"))),
                  Lines{std::string("error /sources/0/options/") + option + " refused_member"});
    EXPECT_EQ(all_lines(document(by_mapping, source_json("map", R"(, "options": {"sslmode": "verify"})"))),
              Lines{"error /sources/0/options/sslmode unknown_word"});
    EXPECT_EQ(all_lines(document(by_mapping, source_json("map", R"(, "options": {"connect_timeout": "10"})"))),
              Lines{"error /sources/0/options/connect_timeout wrong_type"});
}

TEST(ModelSource, ACredentialHasWhatItsKindHas)
{
    EXPECT_EQ(all_lines(
                  document(R"({"name": "c", "description": "d", "kind": "files", "owner": "me", "server": "s"})", "")),
              (Lines{"error /credentials/0 missing_member", "error /credentials/0 missing_member",
                     "error /credentials/0 missing_member", "error /credentials/0/owner unexpected_member",
                     "error /credentials/0/server unexpected_member"}));
    EXPECT_EQ(all_lines(document(R"({"name": "c", "description": "d", "kind": "user_mapping", "directory": "x"})", "")),
              (Lines{"error /credentials/0 missing_member", "error /credentials/0/directory unexpected_member"}));
}

TEST(ModelSource, ADirectoryIsBelowThatOfTheSecrets)
{
    auto const of = [](const std::string &directory) {
        return all_lines(document(R"({"name": "c", "description": "d", "kind": "files", "directory": ")" + directory +
                                      R"(", "roles": ["r"], "sources": [{"host": "h", "database": "d"}]})",
                                  ""));
    };
    for (const char *below : {"crm", "crm/reader", "..crm", "crm.d/x"})
        EXPECT_EQ(of(below), Lines{}) << below;
    for (const char *other : {"/etc", "..", "crm/..", "../crm", "crm/../../x", ".", "crm//x", "crm/"})
        EXPECT_EQ(of(other), Lines{"error /credentials/0/directory invalid_directory"}) << other;
}

TEST(ModelSource, APasswordGoesOnlyWhereItsCredentialSays)
{
    Lines const refused{"error /sources/0/credential not_for_this_place"};
    EXPECT_EQ(all_lines(document(in_files, source_json("reader"))), Lines{});
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", "", "db2"))), refused);
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", "", "db1,db2"))), refused);
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "port": 5433)"))), refused);
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "hostaddr": "192.0.2.9")"))), refused);
    // the same where one of the two is loaded already
    Model const kept = parse(document(in_files, source_json("reader"))).model;
    Model credential, source;
    credential.credentials = kept.credentials;
    source.sources = kept.sources;
    EXPECT_EQ(lines(lint(parse(document("", source_json("reader", "", "db2"))).model, credential)), refused);
    std::string other = in_files;
    other.replace(other.find("db1"), 3, "db3");
    EXPECT_EQ(lines(lint(parse(document(other, "")).model, source)),
              Lines{"error /credentials/0/sources credential_is_used"});
}

TEST(ModelSource, WhatIsOtherIsSaid)
{
    auto const message = [](const std::string &more, const std::string &host) {
        Problems const problems = all_problems(document(in_files, source_json("reader", more, host)));
        return problems.empty() ? std::string() : problems.front().message;
    };
    std::string const refused = R"(credential "reader" is not for this host, port and database; it has another )";
    EXPECT_EQ(message(R"(, "port": 5433)", "db1"), refused + R"("port")");
    EXPECT_EQ(message(R"(, "port": 5433)", "db2"), refused + R"("host", "port")");
}

TEST(ModelSource, APlaceThatCannotBeReadMayBeTheRightOne)
{
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "port": 70000)"))),
              Lines{"error /sources/0/port out_of_range"});
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "port": "x")"))),
              Lines{"error /sources/0/port wrong_type"});
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", R"(, "hostaddr": 1)"))),
              Lines{"error /sources/0/hostaddr wrong_type"});
    EXPECT_EQ(all_lines(document(in_files, source_json("reader", "", "a b"))),
              Lines{"error /sources/0/host invalid_host"});
    auto const of_credential = [](const std::string &was, const std::string &now) {
        std::string credential = in_files;
        credential.replace(credential.find(was), was.size(), now);
        return all_lines(document(credential, source_json("reader")));
    };
    EXPECT_EQ(of_credential(R"("host": "db1")", R"("host": "db1", "port": 0)"),
              Lines{"error /credentials/0/sources/0/port out_of_range"});
    EXPECT_EQ(of_credential(R"([{"host": "db1", "database": "crm"}])", "1"),
              Lines{"error /credentials/0/sources wrong_type"});
    EXPECT_EQ(of_credential(R"("kind": "files")", R"("kind": "x")"), Lines{"error /credentials/0/kind unknown_word"});
}

TEST(ModelSource, PushedRowsComeFromNoSource)
{
    auto const of = [](const std::string &ingestion) {
        std::string const dataset = R"({"name": "d", "description": "d", "columns": [)" + id_column +
                                    R"(], "primary_key": ["id"], "ingestion": {)" + ingestion + "}}";
        return all_lines(document(by_mapping, source_json("map"), store_json("s", dataset, R"("source": "db", )")));
    };
    EXPECT_EQ(of(R"("kind": "push")"), Lines{"error /stores/0/source pushed_from_source"});
    EXPECT_EQ(of(R"("kind": "sql_snapshot", "query": "SELECT 1")"), Lines{});
    EXPECT_EQ(of(R"("kind": "x")"), Lines{"error /stores/0/datasets/0/ingestion/kind unknown_word"});
}

TEST(ModelSource, ReferencesLeadSomewhere)
{
    EXPECT_EQ(all_lines(document(by_mapping, source_json("mop"))),
              Lines{"error /sources/0/credential unknown_credential"});
    EXPECT_EQ(all_lines(document("", "", pulled("db"))), Lines{"error /stores/0/source unknown_source"});
    Problems const renamed = all_problems(document(by_mapping, source_json("map", R"(, "was": "old")"), pulled("old")));
    ASSERT_EQ(lines(renamed), Lines{"error /stores/0/source unknown_source"});
    EXPECT_EQ(renamed.front().hint, "By \"was\" it is \"db\" now.");
    // a list that could not be read may have it
    EXPECT_EQ(all_lines(R"({"sources": 1, "stores": [)" + pulled("db") + "]}"), Lines{"error /sources wrong_type"});
}

TEST(ModelSource, NamesAreUnique)
{
    EXPECT_EQ(all_lines(document(by_mapping + "," + by_mapping, source_json("map") + "," + source_json("map"))),
              (Lines{"error /credentials/1/name duplicate_name", "error /sources/1/name duplicate_name"}));
}

TEST(ModelSource, ATimeoutIsANumberWithAUnit)
{
    auto const of = [](const std::string &timeout) {
        return all_lines(document(by_mapping, source_json("map", R"(, "statement_timeout": ")" + timeout + "\"")));
    };
    for (const char *good : {"0", "30min", "30 min", "500ms", "24d", "2147483647ms"})
        EXPECT_EQ(of(good), Lines{}) << good;
    for (const char *bad : {"-1", "soon", "1.5h", "30 minutes", "30", "00", "99999999999", "1min; DROP"})
        EXPECT_EQ(of(bad), Lines{"error /sources/0/statement_timeout invalid_timeout"}) << bad;
    for (const char *bad : {"25d", "2147483648ms", "99999999999 s"}) {
        Problems const problems = all_problems(
            document(by_mapping, source_json("map", R"(, "statement_timeout": ")" + std::string(bad) + "\"")));
        ASSERT_EQ(lines(problems), Lines{"error /sources/0/statement_timeout invalid_timeout"}) << bad;
        EXPECT_EQ(problems.front().message.find("a timeout is at most 24 days"), 0U);
    }
}

TEST(ModelSource, APullHasAQueryOrATable)
{
    const std::string kind = R"("kind": "sql_snapshot")";
    EXPECT_EQ(of_pull(kind + R"(, "from": "a.b", "filter": "x > 1", "match_columns": "exact")"), Lines{});
    EXPECT_EQ(of_pull(kind), Lines{"error /stores/0/datasets/0/ingestion missing_member"});
    EXPECT_EQ(of_pull(kind + R"(, "from": "a.b", "query": "SELECT 1")"),
              Lines{"error /stores/0/datasets/0/ingestion/from query_and_from"});
    EXPECT_EQ(of_pull(kind + R"(, "query": "SELECT 1", "filter": "x", "match_columns": "exact")"),
              (Lines{"error /stores/0/datasets/0/ingestion/filter unexpected_from",
                     "error /stores/0/datasets/0/ingestion/match_columns unexpected_from"}));
    EXPECT_EQ(of_pull(R"("kind": "push", "from": "a.b")"),
              Lines{"error /stores/0/datasets/0/ingestion/from unexpected_from"});
    EXPECT_EQ(of_pull(kind + R"(, "from": "customers")"),
              Lines{"error /stores/0/datasets/0/ingestion/from invalid_table_name"});
    std::string const renamed = R"({"name": "id", "type": "bigint", "description": "d", "from": "ID"})";
    EXPECT_EQ(of_pull(kind + R"(, "from": "a.b")", renamed), Lines{});
    EXPECT_EQ(of_pull(kind + R"(, "query": "SELECT 1")", renamed),
              Lines{"error /stores/0/datasets/0/columns/0/from unexpected_from"});
}

TEST(ModelSource, ADatasetWithATableComesBackAsItWas)
{
    std::string const dataset =
        R"({"columns":[{"from":"ID","name":"id","nullable":false,"type":"bigint"}],"duplicate_keys":"error",)"
        R"("fillfactor":90,"history_key_index":true,"ingestion":{"filter":"x = 1","from":"Erp.\"b.c\"",)"
        R"("kind":"sql_snapshot","match_columns":"subset"},"milestoning":"live","name":"d","primary_key":["id"]})";
    EXPECT_EQ(to_json(dataset_from_json(dataset)), dataset);
}

TEST(ModelSource, WhatGivesOtherRowsIsOtherBehaviour)
{
    auto const of = [](const std::string &filter, const std::string &column) {
        return dataset_from_json(R"({"name": "d", "columns": [{"name": "id", "type": "bigint", "from": ")" + column +
                                 R"("}], "primary_key": ["id"], "ingestion": {"kind": "sql_snapshot", "from": "a.b",)" +
                                 R"( "filter": ")" + filter + "\"}}");
    };
    Dataset const dataset = of("x = 1", "no");
    EXPECT_NE(behaviour_json(dataset), behaviour_json(of("x = 2", "no")));
    EXPECT_NE(behaviour_json(dataset), behaviour_json(of("x = 1", "number")));
    EXPECT_EQ(tables_json(dataset), tables_json(of("x = 2", "number")));
    Source source = parse(document("", source_json("map"))).model.sources.at(0);
    std::string const there = behaviour_json(dataset, &source);
    EXPECT_NE(there, behaviour_json(dataset));
    source.connections = 3;
    source.credential = "other";
    EXPECT_EQ(there, behaviour_json(dataset, &source));
    source.database = "crm2";
    EXPECT_NE(there, behaviour_json(dataset, &source));
}

TEST(ModelSource, TablesAreNamedExactly)
{
    EXPECT_EQ(both_ways("public.Customers"), "public | Customers | public.Customers");
    EXPECT_EQ(both_ways("\"a.b\".\"c\"\"d\""), "a.b | c\"d | \"a.b\".\"c\"\"d\"");
    EXPECT_EQ(both_ways("\"a\".\"b\""), "a | b | a.b");
    for (const char *other : {"", "a", "a.", ".b", "a.b.c", "\"a.b", "a.\"b\"c", "\"\".b", "a\"b.c"})
        EXPECT_EQ(both_ways(other), "none") << other;
}

} // namespace datasurface::model
