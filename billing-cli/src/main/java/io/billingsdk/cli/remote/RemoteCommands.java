package io.billingsdk.cli.remote;

import java.util.List;

/** The commands that ask a server over HTTP, for the one command line. */
public final class RemoteCommands {
  private RemoteCommands() {}

  /** All of them, in the order of the help; new at each call. */
  public static List<Object> all() {
    return List.of(
        new UsageCommand(),
        new TailCommand(),
        new SendCommand(),
        new RejectedCommand(),
        new ReplayCommand(),
        new ConflictingCommand(),
        new CorrectionsCommand(),
        new SellersCommand(),
        new CustomersCommand(),
        new MetersCommand(),
        new PlansCommand(),
        new SubscriptionsCommand(),
        new CouponsCommand(),
        new CreditsCommand(),
        new InvoicesCommand(),
        new PaymentsCommand(),
        new DunningCommand(),
        new RefundsCommand(),
        new BankCommand(),
        new TaxCommand(),
        new QuotasCommand(),
        new WebhooksCommand(),
        new NotificationsCommand(),
        new ReportsCommand(),
        new RevenueCommand(),
        new LedgerCommand(),
        new ReconcileCommand(),
        new ForecastCommand(),
        new AnomaliesCommand(),
        new PrivacyCommand(),
        new CostsCommand(),
        new PricesCommand(),
        new AlertsCommand(),
        new BudgetsCommand(),
        new ExecutionsCommand(),
        new StatsCommand(),
        new ExplainCommand(),
        new VerifyInvoiceCommand(),
        new WhatIfCommand(),
        new AuditCommand());
  }
}
