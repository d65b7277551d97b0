package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.WrongOptionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing tax returns}. */
@Command(
    name = "returns",
    description = {
      "Prints the sums of a seller's documents by place, category, rate and rule.",
      "Over HTTP; with a token to read."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax returns acme --quarter 2026-Q3 > q3.csv")
final class TaxReturnsCommand implements Runnable {
  private static final String END = "\r\n";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "SELLER", description = "as sellers list shows it")
  private String seller = "";

  @Option(names = "--month", paramLabel = "MONTH", description = "of issue: 2026-07")
  private @Nullable String month;

  @Option(names = "--quarter", paramLabel = "QUARTER", description = "of issue: 2026-Q3")
  private @Nullable String quarter;

  @Option(names = "--test-clocks", description = "also customers with test clocks")
  private boolean testClocks;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    if ((month == null) == (quarter == null)) {
      throw new WrongOptionException("give either --month or --quarter");
    }
    Query query =
        new Query()
            .with("sellerId", seller)
            .with("month", month)
            .with("quarter", quarter)
            .with("testClocks", testClocks);
    PrintWriter out = spec.commandLine().getOut();
    BillingHttp http = remote.http();
    if (json) {
      out.println(JsonLines.of(http.get("/tax/returns", query)));
    } else {
      csv(http, query).lines().forEach(line -> out.print(Text.printable(line) + END));
    }
    out.flush();
  }

  private static String csv(BillingHttp http, Query query) {
    try (InputStream body =
        http.open("/tax/returns", query.with("format", "csv"), "text/csv").body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw Unreachable.because(failed, http.server());
    }
  }
}
