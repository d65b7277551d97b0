package io.billingsdk.server.invoices;

import io.billingsdk.server.invoices.RunRows.AskedRun;
import io.billingsdk.server.invoices.SpanRows.FailedSpan;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Invoices and runs as the API shows them. */
final class InvoiceViews {
  private InvoiceViews() {}

  record InvoiceView(
      String number,
      String kind,
      @Nullable String corrects,
      String sellerId,
      String customerId,
      UUID subscriptionId,
      String issueDate,
      Instant from,
      Instant to,
      String currency,
      String net,
      String discount,
      String tax,
      String total,
      String prepaid,
      String due,
      String state,
      String paid,
      String open,
      String sha256,
      Instant issuedAt) {
    static InvoiceView of(Issued issued) {
      return new InvoiceView(
          issued.number(),
          issued.kind(),
          issued.corrects(),
          issued.seller(),
          issued.customer(),
          issued.subscription(),
          issued.date().toString(),
          issued.from(),
          issued.to(),
          issued.currency(),
          issued.net().toPlainString(),
          issued.discount().toPlainString(),
          issued.tax().toPlainString(),
          issued.total().toPlainString(),
          issued.prepaid().toPlainString(),
          issued.due().toPlainString(),
          issued.state(),
          issued.paid().toPlainString(),
          issued.open().toPlainString(),
          issued.sha256(),
          issued.issuedAt());
    }
  }

  record RunView(
      UUID runId,
      @Nullable String customerId,
      boolean finished,
      long invoices,
      long creditNotes,
      long empty,
      long failed,
      long waiting,
      int failures,
      @Nullable String failure,
      Instant createdAt,
      @Nullable Instant finishedAt) {
    static RunView of(AskedRun run) {
      return new RunView(
          run.id(),
          run.customer(),
          run.finishedAt() != null,
          run.progress().invoices(),
          run.progress().creditNotes(),
          run.progress().empty(),
          run.progress().failed(),
          run.progress().waiting(),
          run.failures(),
          run.failure(),
          run.createdAt(),
          run.finishedAt());
    }
  }

  record FailureView(
      UUID subscriptionId,
      String customerId,
      Instant from,
      Instant to,
      String reason,
      int times,
      Instant triedAt) {
    static FailureView of(FailedSpan failed) {
      return new FailureView(
          failed.span().subscription(),
          failed.customer(),
          failed.span().from(),
          failed.span().to(),
          failed.reason(),
          failed.times(),
          failed.triedAt());
    }
  }

  record BooksView(String result, List<String> differences) {
    static BooksView of(List<String> differences) {
      return new BooksView(differences.isEmpty() ? "identical" : "different", differences);
    }
  }

  record NumberingView(boolean suspended, List<SeriesView> series) {
    static NumberingView of(InvoiceNumbering numbering) {
      return new NumberingView(
          numbering.isSuspended(),
          numbering.series().stream()
              .map(each -> new SeriesView(each.series(), each.number()))
              .toList());
    }
  }

  record SeriesView(String series, long lastNumber) {}

  record VerificationView(String number, String result, List<String> differences) {
    static VerificationView of(Verification verification) {
      return new VerificationView(
          verification.number(),
          verification.result().name().toLowerCase(Locale.ROOT),
          verification.differences());
    }
  }
}
