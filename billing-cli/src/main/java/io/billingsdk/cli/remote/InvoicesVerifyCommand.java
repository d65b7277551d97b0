package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.WrongOptionException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing invoices verify}. */
@Command(
    name = "verify",
    description = {
      "Makes invoices again from the ledger and their pinned inputs, and compares, over HTTP; with"
          + " a token to read.",
      "With --all, it also checks the numbers, dates and lines of all documents together, and the"
          + " triggers that protect them.",
      "Exits with 3 if one differs."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing invoices verify acme-000001", "  billing invoices verify --all"})
final class InvoicesVerifyCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "NUMBER", arity = "0..1", description = "as invoices list shows it")
  private @Nullable String number;

  @Option(names = "--all", description = "all invoices and credit notes")
  private boolean all;

  @Option(names = "--json", description = "print one JSON object for each, as the API has it")
  private boolean json;

  private long identical;
  private long different;

  @Override
  public Integer call() {
    if (all == (number != null)) {
      throw new WrongOptionException("give either a NUMBER or --all");
    }
    PrintWriter out = spec.commandLine().getOut();
    BillingHttp http = remote.http();
    if (number != null) {
      verify(http, number, out);
    } else {
      show(http.get("/invoices/verification", new Query()), "all invoices", out);
      new Pages(http, "/invoices", new Query(), Long.MAX_VALUE)
          .forEach(each -> verify(http, each.path("number").asText(), out));
    }
    if (!json) {
      out.println(identical + " identical, " + different + " different");
    }
    out.flush();
    return different == 0 ? 0 : DIFFERENT;
  }

  private void verify(BillingHttp http, String each, PrintWriter out) {
    JsonNode found = http.get("/invoices/" + Query.segment(each) + "/verification", new Query());
    if (show(found, each, out)) {
      identical++;
    }
  }

  /** Whether it is as it should be. */
  private boolean show(JsonNode found, String each, PrintWriter out) {
    boolean isSame = found.path("result").asText().equals("identical");
    different += isSame ? 0 : 1;
    if (json) {
      out.println(JsonLines.of(found));
    } else if (!isSame) {
      out.println(Text.printable(each + ": " + found.path("result").asText()));
      found.path("differences").forEach(one -> out.println(Text.printable("  " + one.asText())));
    }
    return isSame;
  }
}
