/** Days of retries. */
@NullMarked
package io.billingsdk.server.dunning;

import org.jspecify.annotations.NullMarked;
