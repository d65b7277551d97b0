/**
 * Usage on its way in, from MQTT messages and HTTP requests to one transaction, its receipts and
 * the acknowledgements. For the assembly of the server alone. It owns no tables: the ledger stores.
 */
@NullMarked
package io.billingsdk.server.ingest;

import org.jspecify.annotations.NullMarked;
