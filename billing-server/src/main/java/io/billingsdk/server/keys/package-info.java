/** Apps and API keys, and the feeds that tell of them. */
@NullMarked
package io.billingsdk.server.keys;

import org.jspecify.annotations.NullMarked;
