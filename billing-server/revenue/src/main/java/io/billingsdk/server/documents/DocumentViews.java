package io.billingsdk.server.documents;

import io.billingsdk.server.documents.DocumentRows.DocumentFault;
import io.billingsdk.server.documents.DocumentRows.StoredDocument;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents as the API shows them. */
final class DocumentViews {
  private DocumentViews() {}

  record DocumentView(
      String kind, String mediaType, int size, String sha256, String renderer, Instant createdAt) {
    static DocumentView of(StoredDocument stored) {
      return new DocumentView(
          stored.kind(),
          DocumentKind.mediaTypeOf(stored.kind()),
          stored.size(),
          stored.sha256(),
          stored.renderer(),
          stored.createdAt());
    }
  }

  record FaultView(
      String number,
      String kind,
      String reason,
      int times,
      Instant triedAt,
      @Nullable Instant nextTry) {
    static FaultView of(DocumentFault fault) {
      return new FaultView(
          fault.number(),
          fault.kind(),
          fault.reason(),
          fault.times(),
          fault.triedAt(),
          fault.nextTry());
    }
  }

  record DocumentsView(String number, List<DocumentView> documents, List<FaultView> faults) {}
}
