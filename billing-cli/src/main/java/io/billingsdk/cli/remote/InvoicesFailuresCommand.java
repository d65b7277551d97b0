package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code billing invoices failures}. */
@Command(
    name = "failures",
    description = {
      "Lists what is due and cannot be billed, each with its reason, over HTTP; with a token to"
          + " read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices failures")
final class InvoicesFailuresCommand implements Runnable {
  private static final int NAME = 32;
  private static final int REASON = 100;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .text("customer", "customerId", NAME)
            .whole("from", "from")
            .whole("to", "to")
            .number("times", "times")
            .text("reason", "reason", REASON);
    list.print(remote.http(), "/invoices/failures", new Query(), columns);
  }
}
