package io.billingsdk.server.revenue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedDocument;
import java.sql.SQLException;

/** Reads issued documents. */
final class DocumentJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DocumentJson() {}

  static JsonNode read(IssuedDocument issued) {
    try {
      return JSON.readTree(issued.document());
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(
          new SQLException("the document " + issued.number() + " in its row is malformed"));
    }
  }
}
