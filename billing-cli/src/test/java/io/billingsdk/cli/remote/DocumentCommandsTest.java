package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** From a registration for a tax to the files of an invoice, by commands at a whole server. */
@Tag("postgres")
@Timeout(300)
class DocumentCommandsTest {
  private static final byte[] PDF = {'%', 'P', 'D', 'F', '-'};

  @TempDir static Path directory;

  private static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
    server.tokenFile("finance", Scope.FINANCE, null);
    server.tokenFile("catalog", Scope.CATALOG, null);
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

  private static JsonNode json(String token, String command) {
    try {
      return JsonMapper.builder().build().readTree(done(token, command, "--json"));
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  @Test
  void documents_ofAnIssuedInvoice_areDownloadedWithTheTaxIdsOfTheirTax() throws IOException {
    done(
        "finance",
        "sellers create docs --currency USD --zone UTC --city Berlin --country DE",
        "--name",
        "Docs GmbH",
        "--line",
        "Weg 1");
    done(
        "finance",
        "tax register docs --scheme vat --country DE --number DE136695976 --from 2026-01-01");
    Path plans =
        Files.writeString(directory.resolve("plans.yaml"), CommandRun.of("plans", "example").out());
    done("catalog", "plans import", plans.toString(), "--publish");
    done("finance", "customers create kunde --currency USD --zone UTC --seller docs");
    done("finance", "tax set kunde --from 2026-01-01 --country IT --tax-id IT00743110157");
    done("finance", "subscriptions start --customer kunde --plan pro");
    done("finance", "invoices run");
    Await.until(() -> json("read", "invoices documents docs-000001").path("documents").size() == 3);

    Path out = directory.resolve("files");
    done("read", "invoices documents docs-000001", "--out", out.toString());

    assertThat(out).isDirectoryContaining("glob:**/docs-000001.pdf");
    assertThat(Files.readString(out.resolve("docs-000001-ubl.xml")))
        .contains("DE136695976", "IT00743110157", "<cbc:ID>AE</cbc:ID>");
    assertThat(Files.readString(out.resolve("docs-000001-cii.xml")))
        .contains("DE136695976", "IT00743110157");
    assertThat(Files.readAllBytes(out.resolve("docs-000001.pdf"))).startsWith(PDF);
    Path sample = directory.resolve("sample.pdf");
    done("read", "invoices preview --seller docs --lang de", "--out", sample.toString());
    assertThat(Files.readAllBytes(sample)).startsWith(PDF);
    assertThat(run("read", "invoices documents docs-000002").err()).contains("docs-000002");
  }
}
