package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sellers, customers, meters and plans at a whole server. */
@Tag("postgres")
@Timeout(180)
class RevenueCommandsTest {
  @TempDir static Path directory;

  private static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
    server.tokenFile("finance", Scope.FINANCE, null);
    server.tokenFile("catalog", Scope.CATALOG, null);
    server.tokenFile("write", Scope.WRITE, null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CommandRun run(String token, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    all.addAll(server.arguments(token, "x", arguments).stream().skip(1).toList());
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static String done(String token, String command, String... arguments) {
    CommandRun run = run(token, command, arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void plans_areImportedPublishedAndExported_byteForByte() throws IOException {
    Path file =
        Files.writeString(directory.resolve("plans.yaml"), CommandRun.of("plans", "example").out());
    assertThat(run("write", "plans import", file.toString()).err()).contains("403");
    assertThat(done("catalog", "plans import", file.toString(), "--publish", "--dry-run"))
        .contains("meter calls: created", "plan pro: published, version 1", "nothing was changed");
    assertThat(done("catalog", "plans list")).doesNotContain("pro");
    done("catalog", "plans import", file.toString(), "--publish");
    assertThat(done("catalog", "plans import", file.toString(), "--publish"))
        .contains("plan pro: unchanged, version 1");

    String exported = done("read", "plans export");
    Path again = Files.writeString(directory.resolve("again.yaml"), exported);
    assertThat(done("catalog", "plans import", again.toString(), "--publish"))
        .doesNotContain("published");
    assertThat(done("read", "plans export")).isEqualTo(exported);

    Files.writeString(again, exported.replace("amount: 29", "amount: 39"));
    assertThat(done("catalog", "plans import", again.toString()))
        .contains("plan pro: drafted", "~ charges[base].price.amount: 29 -> 39");
    assertThat(done("read", "plans diff", "pro", "--from", "1"))
        .contains("~ charges[base].price.amount: 29 -> 39");
    assertThat(done("catalog", "plans publish", "pro", "--valid-from", "2090-01-01T00:00:00Z"))
        .contains("published: pro version 2, valid from 2090-01-01T00:00:00Z");
    assertThat(done("read", "plans show", "pro", "1")).contains("amount: 29");
    assertThat(done("read", "plans versions", "pro", "--csv")).contains("2,2090-01-01T00:00:00Z");
    assertThat(done("read", "meters show", "calls")).contains("count");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          all | bad | dimension: model, prices: {a: {model: unit, price: 1}} | the default for each model
          all | bad | price: {model: volume, tiers: [{upTo: 10}, {upTo: 5}, {}]} | tiers[1].upTo must be above 10
          all | none | price: {model: unit, price: 1} | there is no meter none
          all | bad | minimum: 1.00 EUR, price: {model: unit, price: 1} | USD
          all, quotas: [{meter: bad, limit: -5, mode: hard}] | bad | price: {model: unit, price: 1} | quotas[0].limit must be a number from 0
          """)
  void plans_thatAreWrong_areRefusedByTheField_andNothingOfTheFileIsThere(
      String models, String meter, String price, String said) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("bad.yaml"),
            """
            meters:
              - {slug: bad, unit: u, value: one, aggregation: count}
            plans:
              - plan: bad
                name: Bad
                currency: USD
                interval: month
                entitlements: {models: %s}
                charges:
                  - {id: c, name: C, kind: metered, meter: %s, %s}
            """
                .formatted(models, meter, price));
    CommandRun refused = run("catalog", "plans import", file.toString(), "--publish");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains(said);
    assertThat(done("read", "plans list", "--csv")).doesNotContain("bad");
    assertThat(done("read", "meters list", "--csv")).doesNotContain("bad");
  }

  @Test
  void customers_areMadeAndReadByATokenOfTheirOwn() throws IOException {
    done(
        "finance",
        "sellers create",
        "de",
        "--name",
        "Billing GmbH",
        "--currency",
        "EUR",
        "--zone",
        "Europe/Berlin",
        "--line",
        "Hauptstr. 1",
        "--city",
        "Berlin",
        "--country",
        "DE");
    done(
        "finance",
        "customers create",
        "acme-inc",
        "--currency",
        "EUR",
        "--zone",
        "Europe/Berlin",
        "--seller",
        "de",
        "--tax-country",
        "DE",
        "--tax-id",
        "eu_vat=DE123456789",
        "--test-clock",
        "2027-01-01T00:00:00Z");
    assertThat(
            run("finance", "customers create", "x", "--currency", "EUR", "--zone", "+01:00").err())
        .contains("zone must be the id of a time zone, such as Europe/Berlin");
    done("finance", "customers change", "acme-inc", "--name", "Acme Inc.");
    assertThat(done("finance", "customers change", "acme-inc", "--zone", "Asia/Tokyo"))
        .contains("Asia/Tokyo");
    assertThat(run("finance", "customers change", "acme-inc", "--zone", "GMT+9").err())
        .contains("zone must be the id of a time zone, such as Europe/Berlin");
    done("finance", "customers assign", "acme-inc", "--app", RemoteServer.APP);
    assertThat(done("finance", "customers clock", "acme-inc", "--to", "2028-01-01T00:00:00Z"))
        .contains("2028-01-01T00:00:00Z");
    assertThat(done("read", "customers list", "--csv")).contains("acme-inc,Acme Inc.,EUR");

    CommandRun made =
        CommandRun.of(
            "token", "create", "--customer", "acme-inc", "--data-dir", server.data().toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    Files.writeString(server.token("own"), made.out().split("  ", -1)[1]);
    assertThat(done("own", "customers show", "acme-inc")).contains("DE123456789");
    assertThat(done("own", "customers apps", "acme-inc")).contains(RemoteServer.APP + "  from ");
    assertThat(done("own", "reports month", "--customer", "acme-inc", "--month", "2027-12"))
        .contains("\"customerId\":\"acme-inc\"", "\"zone\":\"Asia/Tokyo\"", "\"total\":\"0.00\"");
    assertThat(
            done(
                "own",
                "reports month",
                "--customer",
                "acme-inc",
                "--month",
                "2027-12",
                "--format",
                "csv"))
        .contains("customer,month,kind,", "acme-inc,2027-12,total,");
    assertThat(run("own", "reports month", "--customer", "other", "--month", "2027-12").err())
        .contains("there is no customer other");
    assertThat(run("own", "reports month", "--customer", "acme-inc", "--month", "2027-13").err())
        .contains("month must be a month of 2000 to 9899, as 2026-11");
    assertThat(run("own", "customers list").err()).contains("403");
    assertThat(run("own", "customers show", "other").err()).contains("there is no customer other");
    done("finance", "customers release", "acme-inc", "--app", RemoteServer.APP);
  }

  @Test
  void invoicesCompare_ofMoreRowsThanOneRequestTakes_comparesEachOnce() throws IOException {
    StringBuilder rows = new StringBuilder("customer,date,currency,net\n");
    for (int i = 2_100; i > 0; i--) {
      rows.append("old-").append(i / 2).append(",2026-11,EUR,1.00\n");
    }
    Path file = Files.writeString(directory.resolve("old.csv"), rows);

    CommandRun run = run("finance", "invoices compare", "--csv", file.toString());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.out())
        .contains("old-7 2026-11 EUR: no customer, theirs 2.00, ours nothing, difference -2.00")
        .contains("all in EUR: theirs 2100.00, ours 0.00, difference -2100.00")
        .contains("0 equal, 1051 different");
    // Without rows ours alone are looked at, and there are none.
    Files.writeString(file, "customer,date,currency,net\n");
    assertThat(
            done(
                "finance",
                "invoices compare",
                "--csv",
                file.toString(),
                "--from",
                "2026-11",
                "--to",
                "2026-11"))
        .contains("0 equal, 0 different");
    // The server sees the rows by customers; the user sees the file.
    Files.writeString(file, "customer,date,currency,net\n\nz,2026-11,EUR,1.001\na,2026-11,EUR,1\n");
    assertThat(run("finance", "invoices compare", "--csv", file.toString()).err())
        .contains("rows[1].net", "at most 2 decimals", "rows[1] is line 3 of " + file);
  }
}
