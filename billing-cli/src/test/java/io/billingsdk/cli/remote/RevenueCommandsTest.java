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
    assertThat(run("own", "customers list").err()).contains("403");
    assertThat(run("own", "customers show", "other").err()).contains("there is no customer other");
    done("finance", "customers release", "acme-inc", "--app", RemoteServer.APP);
  }
}
