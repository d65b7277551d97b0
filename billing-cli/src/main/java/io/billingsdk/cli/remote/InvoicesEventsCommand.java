package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Whole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing invoices events NUMBER}. */
@Command(
    name = "events",
    description = {
      "Prints the events behind an invoice, and its plans, for verify-invoice; over HTTP, with a"
          + " token to read or one of the customer."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices events acme-000001 > events.jsonl")
final class InvoicesEventsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "NUMBER", description = "as invoices list shows it")
  private String id = "";

  @Option(
      names = "--line",
      paramLabel = "LINE",
      converter = Whole.Line.class,
      description = "only of this line; default: all")
  private @Nullable Long line;

  @Override
  public void run() {
    BillingHttp http = remote.http();
    Query query = new Query().with("line", line == null ? null : line.toString());
    PrintWriter out = spec.commandLine().getOut();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                http.open(
                        "/invoices/" + Query.segment(id) + "/events", query, "application/x-ndjson")
                    .body(),
                StandardCharsets.UTF_8))) {
      for (String each = lines.readLine(); each != null; each = lines.readLine()) {
        out.print(ascii(each) + "\n");
      }
    } catch (IOException failed) {
      throw Unreachable.because(failed, http.server());
    }
    out.flush();
  }

  /** Only letters become escapes: verify-invoice turns them back, and the digest is the same. */
  private static String ascii(String json) {
    StringBuilder text = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char each = json.charAt(i);
      if (each < 0x7f) {
        text.append(each);
      } else {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
      }
    }
    return text.toString();
  }
}
