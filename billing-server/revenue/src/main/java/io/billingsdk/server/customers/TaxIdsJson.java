package io.billingsdk.server.customers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.db.DatabaseException;
import java.sql.SQLException;
import java.util.List;

/** Tax ids and addresses as their columns have them, in JSON. */
final class TaxIdsJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<TaxId>> TAX_IDS = new TypeReference<>() {};

  private TaxIdsJson() {}

  static String of(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a record cannot be written", impossible);
    }
  }

  static List<TaxId> taxIds(String json) {
    try {
      return JSON.readValue(json, TAX_IDS);
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(new SQLException("tax ids are malformed"));
    }
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(new SQLException("settings of bills are malformed"));
    }
  }

  static Address address(String json) {
    try {
      return JSON.readValue(json, Address.class);
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(new SQLException("an address is malformed"));
    }
  }
}
