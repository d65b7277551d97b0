package io.billingsdk.cli.remote;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing invoices list}. */
@Command(
    name = "list",
    description =
        "Lists invoices and credit notes, the latest first, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices list --customer acme --csv")
final class InvoicesListCommand implements Runnable {
  private static final int NAME = 32;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
  private @Nullable String customer;

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .text("number", "number", NAME)
            .whole("kind", "kind")
            .text("customer", "customerId", NAME)
            .whole("issued", "issueDate")
            .whole("currency", "currency")
            .number("net", "net")
            .number("tax", "tax")
            .number("total", "total")
            .number("due", "due");
    list.print(remote.http(), "/invoices", new Query().with("customerId", customer), columns);
  }
}
