/** Tests of anomalies and their incidents. */
@NullMarked
package io.billingsdk.server.anomalies;

import org.jspecify.annotations.NullMarked;
