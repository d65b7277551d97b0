package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer who gets another seller between an invoice and its credit note. */
@Tag("postgres")
class SellerChangeTest {
  @TempDir Path directory;

  @Test
  void creditNote_afterAChangeOfTheSeller_isOfTheSellerOfItsInvoice() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      world.used("c");
      world.move("c", Instant.parse("2026-04-02T00:00:00Z"));
      world.run();
      world.seller("beta");
      world.sell("c", "beta");
      world.correct("c", InvoiceWorld.IN_MARCH, "10");
      world.move("c", Instant.parse("2026-05-02T00:00:00Z"));
      assertThat(world.run().creditNotes()).isEqualTo(1);
      List<Issued> documents = world.of("c");
      assertThat(documents)
          .extracting(Issued::number)
          .containsExactly("acme~c-000001", "acme~c-000002", "beta~c-000001", "acme~c-000003");
      Issued note = documents.get(3);
      assertThat(note.seller()).isEqualTo("acme");
      assertThat(InvoiceWorld.document(note).at("/seller/sellerId").asText()).isEqualTo("acme");
      for (Issued each : documents) {
        assertThat(world.invoices().verify(each.number()).differences()).isEmpty();
      }
      assertThat(world.invoices().bookDifferences()).isEmpty();
      // A bill of the other way round takes them in this order, too: neither waits for the other.
      assertThat(
              world
                  .http
                  .world()
                  .count(
                      "SELECT count(*) FROM invoice_series a JOIN invoice_series b"
                          + " ON a.xmin = b.xmin AND a.cmin::text::int < b.cmin::text::int"
                          + " WHERE a.series = 'acme~c' AND b.series = 'beta~c'"))
          .as("the series acme is locked before beta")
          .isEqualTo(1);
    }
  }
}
