import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { groupsOf } from '../../facts/groups/groups.ts'
import { type LoadMap, loadMapsOf } from '../../facts/groups/loadmap.ts'
import { loadMap } from '../../fixtures/loads.ts'
import { mapPlot } from './loadmap.ts'

test('each panel of the load map says what its axes count', async () => {
  const [map] = loadMapsOf(groupsOf(loadMap())) as [LoadMap]
  for (const panel of map.panels) {
    const { text } = await mapPlot(map, panel)
    const words = [...text.matchAll(/<text[^>]*>([^<]*)</g)].map(([, word]) => word)
    for (const title of ['connections at a time', 'resets per reload']) assert.ok(words.includes(title), title)
  }
})

test.run()
