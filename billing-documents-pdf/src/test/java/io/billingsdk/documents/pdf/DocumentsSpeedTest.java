package io.billingsdk.documents.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.documents.ElectronicInvoice;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How fast documents are made, and that many of them need no more memory than few. */
@Tag("simulation")
class DocumentsSpeedTest {
  private static final int RELEASE = 10_000;
  private static final long MEGABYTE = 1 << 20;

  @Test
  void documents_manyByOnePrinter_keepNoMemory() {
    int invoices = System.getProperty("size", "commit").equals("release") ? RELEASE : 40;
    long bytes = 0;
    long early = 0;
    long begin = System.nanoTime();
    try (PdfPrinter printer = new PdfPrinter(FontShelf.builtIn())) {
      for (int i = 0; i < invoices; i++) {
        // Each one differs, so nothing that is kept by content stays small.
        InvoiceDocument invoice = SamplePapers.invoice("Example " + i + " Ltd", "Calls " + i);
        byte[] cii = ElectronicInvoice.cii(invoice);
        byte[] ubl = ElectronicInvoice.ubl(invoice);
        byte[] pdf =
            printer.print(invoice, Optional.of(cii), PaperTemplate.PLAIN, PaperLanguage.EN);
        bytes += cii.length + ubl.length + pdf.length;
        early = i == invoices / 10 ? usedMegabytes() : early;
      }
      long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      long late = usedMegabytes();
      assertThat(late - early).as("growth in MB").isLessThan(50);
      Proof.sized("documents-speed", invoices, RELEASE)
          .with("invoices", invoices)
          .with("documents", 3 * invoices)
          .with("documents-per-second", 3L * invoices * 1_000 / Math.max(1, millis))
          .with("kb-per-invoice", bytes / invoices / 1_024)
          .with("heap-mb-at-tenth", early)
          .with("heap-mb-at-end", late)
          .with("heap-limit-mb", Runtime.getRuntime().maxMemory() / MEGABYTE)
          .print();
    }
  }

  private static long usedMegabytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE;
  }
}
