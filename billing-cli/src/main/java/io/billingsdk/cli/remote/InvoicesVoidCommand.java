package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing invoices void NUMBER}. */
@Command(
    name = "void",
    description = {
      "Voids an invoice, over HTTP; with a finance token.",
      "A document takes back all that is left of it. The number stays taken, credits that it used"
          + " are given back, and payments become account credit."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices void acme-000001 --reason 'wrong plan'")
final class InvoicesVoidCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "NUMBER", description = "as invoices list shows it")
  private String number = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "why; it stands in the document")
  private String reason = "";

  @Override
  public void run() {
    byte[] body = BillingHttp.bytes(BillingHttp.JSON.createObjectNode().put("reason", reason));
    String path = "/invoices/" + Query.segment(number) + "/void";
    shown.print(remote.http().change(path, body));
  }
}
