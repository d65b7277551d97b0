package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code billing invoices document-failures}. */
@Command(
    name = "document-failures",
    description = {
      "Lists documents of invoices that could not be made, each with its reason, over HTTP; with a"
          + " token to read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices document-failures")
final class InvoicesDocumentFailuresCommand implements Runnable {
  private static final int REASON = 120;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .whole("invoice", "number")
            .whole("kind", "kind")
            .number("times", "times")
            .whole("next try", "nextTry")
            .text("reason", "reason", REASON);
    list.print(remote.http(), "/document-failures", new Query(), columns);
  }
}
