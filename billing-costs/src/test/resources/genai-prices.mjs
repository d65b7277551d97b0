// Prints the public data set as JSON, then costs of fixed usages, a line each, by its own code.
// Usage: node genai-prices.mjs <directory with node_modules>
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const home = path.resolve(process.argv[2])
const dist = path.join(home, 'node_modules', '@pydantic', 'genai-prices', 'dist')
const { calcPrice, waitForUpdate } = await import(pathToFileURL(path.join(dist, 'index.js')).href)
const require = createRequire(import.meta.url)
const version = require(path.join(dist, '..', 'package.json')).version

// Without an update under way, these are the providers of the package itself.
const providers = await waitForUpdate()
console.log(JSON.stringify({ version, providers: providers.length }))
console.log(JSON.stringify(providers))

// Which usage each price key needs; totals include their parts.
const parts = {
  cache_read_mtok: ['cache_read_tokens', 300],
  cache_write_mtok: ['cache_write_tokens', 150],
  cache_write_1h_mtok: ['cache_write_1h_tokens', 50],
  input_audio_mtok: ['input_audio_tokens', 70],
  cache_audio_read_mtok: ['cache_audio_read_tokens', 20],
  input_image_mtok: ['input_image_tokens', 60],
  cache_image_read_mtok: ['cache_image_read_tokens', 10],
  input_video_mtok: ['input_video_tokens', 30],
  output_reasoning_mtok: ['output_reasoning_tokens', 90],
  output_audio_mtok: ['output_audio_tokens', 40],
  output_image_mtok: ['output_image_tokens', 25],
  output_video_mtok: ['output_video_tokens', 15],
}
const beside = {
  web_searches_kcount: ['web_searches', 3],
  storage_searches_kcount: ['storage_searches', 2],
  input_text_messages_kcount: ['input_text_messages', 4],
  input_document_kpages: ['input_document_pages', 5],
  input_annotated_document_kpages: ['input_annotated_document_pages', 2],
}

function usageOf(prices, scale) {
  const usage = {}
  if (prices.input_mtok !== undefined) usage.input_tokens = 1000 * scale
  if (prices.output_mtok !== undefined) usage.output_tokens = 500 * scale
  for (const [key, [name, amount]] of Object.entries(parts)) {
    if (prices[key] !== undefined) usage[name] = amount * scale
  }
  for (const [key, [name, amount]] of Object.entries(beside)) {
    if (prices[key] !== undefined) usage[name] = amount
  }
  if (prices.audio_hours !== undefined) usage.audio_seconds = 4 * scale
  if (prices.input_audio_hours !== undefined) usage.input_audio_seconds = 4 * scale
  if (usage.input_annotated_document_pages) usage.input_document_pages = 5
  return usage
}

const moments = ['2024-06-15T12:00:00Z', '2025-07-15T00:30:00Z', '2025-12-31T23:59:59Z', '2026-08-21T00:00:00Z', '2026-12-01T03:59:59Z']
const warn = console.warn
console.warn = () => {}
for (const provider of providers) {
  for (const model of provider.models) {
    const all = Array.isArray(model.prices) ? model.prices.map((each) => each.prices) : [model.prices]
    const common = Object.fromEntries(Object.entries(all[0]).filter(([key]) => all.every((each) => each[key] !== undefined)))
    for (const scale of [1, 400]) {
      for (const at of all.length > 1 || scale === 1 ? moments : moments.slice(3, 4)) {
        const line = { provider: provider.id, model: model.id, at, usage: usageOf(common, scale) }
        try {
          const price = calcPrice(line.usage, model.id, { providerId: provider.id, timestamp: new Date(at) })
          line.total = price === null ? null : String(price.total_price)
          line.found = price === null ? null : price.provider.id + '/' + price.model.id
        } catch (error) {
          line.error = String(error.message)
        }
        console.log(JSON.stringify(line))
      }
    }
  }
}
console.warn = warn
