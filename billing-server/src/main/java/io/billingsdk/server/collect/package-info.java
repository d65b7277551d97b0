/** From MQTT messages to one transaction, its receipts, and the acknowledgements. */
@NullMarked
package io.billingsdk.server.collect;

import org.jspecify.annotations.NullMarked;
